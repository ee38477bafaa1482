package contractflow.process;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static contractflow.support.FakeApis.anyContract;
import static contractflow.support.FakeApis.anyCustomer;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import contractflow.contract.Json;
import contractflow.support.ChildProcess;
import contractflow.support.ProcessTest;
import java.math.BigDecimal;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The main job: a feed goes in by the command line; each contract comes to stand in the warehouse as both APIs describe it. */
class MainJobIT extends ProcessTest {

    private static final int CONTRACTS = 500;
    private static final int CUSTOMERS = 120;

    /** A record that differs from contract to contract: fields that are null, empty or not there, amounts of many digits. */
    private static final String RECORD = """
            {{#assign 'n'}}{{request.pathSegments.[5]}}{{/assign}}
            {"links":[{"rel":"self","href":"{{request.path}}"}],"id":"{{n}}",
             "name":{{#eq (math n '%' 7) 0}}null{{else}}"Contract «{{n}}» \\"of\\" the \\u20ac zone"{{/eq}},
             "custrecord_contract_status":{{#eq (math n '%' 11) 0}}null{{else}}
               {"id":"2","refName":"{{#eq (math n '%' 2) 0}}Active{{else}}Closed{{/eq}}"}{{/eq}},
             "custrecord_contracts_start_date":{{#eq (math n '%' 13) 0}}null{{else}}
               "2026-0{{math (math n '%' 9) '+' 1}}-15"{{/eq}},
             {{#eq (math n '%' 5) 0}}{{else}}"custrecord_contracts_end_date":"2028-02-29",{{/eq}}
             "custrecord_swe_contract_value_olr":{{#eq (math n '%' 17) 0}}null{{else}}
               {{n}}12345678901234567.{{n}}0{{/eq}},
             {{#eq (math n '%' 19) 0}}{{else}}
               "currency":{"id":"1","refName":"{{#eq (math n '%' 3) 0}}EUR{{else}}USD{{/eq}}"},{{/eq}}
             "custom":[{{n}},{"deep":{"n":{{n}}.50}}],
             "lastModified":"2026-10-30T08:34:00Z"}""";

    /** A report with no bucket, one, or two of them. */
    private static final String REPORT = """
            {{#assign 'n'}}{{request.query.filterCustomerId}}{{/assign}}
            {"from":"{{request.query.from}}","to":"{{request.query.to}}","windowSize":"MONTH","data":[
             {{#eq (math n '%' 10) 0}}{{else}}{"value":{{n}}.125,"customerId":"{{n}}","groupBy":{}}{{/eq}}
             {{#eq (math n '%' 10) 3}},{"value":0.{{n}},"subject":null,"customerId":"{{n}}"}{{/eq}}]}""";

    @Test
    void everyContractOfTheFeedStandsInTheWarehouseAsTheApisDescribeIt() throws Exception {
        apis.netsuite()
                .stubFor(anyContract()
                        .willReturn(aResponse()
                                .withTransformers("response-template")
                                .withBody(RECORD)));
        apis.usage()
                .stubFor(anyCustomer()
                        .willReturn(aResponse()
                                .withTransformers("response-template")
                                .withBody(REPORT)));
        StringBuilder csv = new StringBuilder("account manager,contract_id,customer_id\n");
        for (int n = 1; n <= CONTRACTS; n++) {
            csv.append("\"Okafor, ")
                    .append(n)
                    .append("\",")
                    .append(n)
                    .append(',')
                    .append(customerOf(n))
                    .append('\n');
        }
        Instant start = Instant.now();

        try (ChildProcess process = start("run", feed("contracts.csv", csv.toString()))) {
            assertThat(process.exitCode()).as(process.output()).isZero();
            process.assertFitToRead();
            assertThat(process.output())
                    .contains("run 1 of contracts.csv: COMPLETE")
                    .containsPattern("rows +500")
                    .containsPattern("loaded +500")
                    .containsPattern("pending +0")
                    .containsPattern("netsuite +500 calls");
        }

        assertThat(query("SELECT * FROM run"))
                .singleElement()
                .satisfies(run -> assertThat(run)
                        .containsEntry("status", "complete")
                        .containsEntry("rows", 500L)
                        .containsEntry("loaded", 500L)
                        .containsEntry("pending", 0L));
        assertThat(query("SELECT DISTINCT outcome FROM run_contract")).containsExactly(Map.of("outcome", "loaded"));
        Map<String, JsonNode> records = answers(apis.netsuite().getAllServeEvents(), "id");
        Map<String, JsonNode> reports = reports();
        Map<String, Map<String, Object>> rows = new TreeMap<>();
        query("SELECT * FROM contract_enriched").forEach(row -> rows.put((String) row.get("contract_id"), row));
        assertThat(rows).hasSize(CONTRACTS);
        for (int n = 1; n <= CONTRACTS; n++) {
            String contractId = String.valueOf(n);
            Map<String, Object> row = rows.get(contractId);
            JsonNode source = Json.exact().readTree(row.remove("source").toString());
            assertThat(((Timestamp) row.remove("enriched_at")).toInstant()).isBetween(start, Instant.now());
            assertThat(row).isEqualTo(expected(n));
            assertThat(source).isEqualTo(source(records.get(contractId), reports.get(customerOf(n))));
        }
    }

    private static String customerOf(int n) {
        return String.valueOf(1000 + n % CUSTOMERS);
    }

    /** What the columns must hold, by the rules that the answers above are made by. */
    private static Map<String, Object> expected(int n) {
        String customerId = customerOf(n);
        Map<String, Object> row = new TreeMap<>();
        row.put("contract_id", String.valueOf(n));
        row.put("customer_id", customerId);
        row.put("contract_name", n % 7 == 0 ? null : "Contract «" + n + "» \"of\" the € zone");
        row.put("status", n % 11 == 0 ? null : n % 2 == 0 ? "Active" : "Closed");
        row.put("start_date", n % 13 == 0 ? null : Date.valueOf("2026-0" + (n % 9 + 1) + "-15"));
        row.put("end_date", n % 5 == 0 ? null : Date.valueOf("2028-02-29"));
        row.put("total_value", n % 17 == 0 ? null : new BigDecimal(n + "12345678901234567." + n + "0"));
        row.put("currency", n % 19 == 0 ? null : n % 3 == 0 ? "EUR" : "USD");
        row.put("removed_at", null);
        row.put("removed_by", null);
        row.put("usage_period", "2026-10");
        row.put("usage_value", usage(customerId));
        row.put("run_id", 1L);
        return row;
    }

    private static BigDecimal usage(String customerId) {
        return switch (customerId.charAt(3)) {
            case '0' -> BigDecimal.ZERO;
            case '3' -> new BigDecimal(customerId + ".125").add(new BigDecimal("0." + customerId));
            default -> new BigDecimal(customerId + ".125");
        };
    }

    private static JsonNode source(JsonNode record, JsonNode report) {
        ObjectNode source = Json.exact().createObjectNode();
        source.set("netsuite", record);
        source.set("usage", report);
        return source;
    }

    private static Map<String, JsonNode> answers(Iterable<ServeEvent> events, String key) throws Exception {
        Map<String, JsonNode> answers = new TreeMap<>();
        for (ServeEvent event : events) {
            JsonNode answer = Json.exact().readTree(event.getResponse().getBodyAsString());
            answers.put(answer.path(key).asText(), answer);
        }
        return answers;
    }

    private Map<String, JsonNode> reports() throws Exception {
        Map<String, JsonNode> reports = new TreeMap<>();
        for (ServeEvent event : apis.usage().getAllServeEvents()) {
            String customerId =
                    event.getRequest().queryParameter("filterCustomerId").firstValue();
            reports.put(customerId, Json.exact().readTree(event.getResponse().getBodyAsString()));
        }
        return reports;
    }
}
