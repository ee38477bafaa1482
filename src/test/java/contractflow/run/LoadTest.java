package contractflow.run;

import static contractflow.support.FakeApis.anyCustomer;
import static contractflow.support.FakeApis.contract;
import static contractflow.support.FakeApis.customer;
import static contractflow.support.FakeApis.json;
import static org.assertj.core.api.Assertions.assertThat;

import contractflow.support.ContractFlowTest;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the two APIs say of a contract stands in the warehouse, exactly, and is written only where it is new. */
class LoadTest extends ContractFlowTest {

    @Test
    void eachFieldHasItsColumn() throws Exception {
        run(feedOf(1));

        assertThat(query("SELECT * FROM contract_enriched"))
                .singleElement()
                .satisfies(row -> assertThat(row)
                        .containsEntry("contract_id", "C-1")
                        .containsEntry("customer_id", "K-1")
                        .containsEntry("contract_name", "CON C-1")
                        .containsEntry("status", "Active")
                        .containsEntry("start_date", Date.valueOf("2026-01-01"))
                        .containsEntry("end_date", Date.valueOf("2026-12-31"))
                        .containsEntry("total_value", new BigDecimal("12000.50"))
                        .containsEntry("currency", "USD")
                        .containsEntry("usage_period", "2026-10")
                        .containsEntry("usage_value", new BigDecimal("12345.5"))
                        .containsEntry("run_id", 1L));
        assertThat(value("SELECT enriched_at > now() - interval '1 minute' FROM contract_enriched"))
                .isEqualTo(true);
    }

    @Test
    void decimalsAreExact() throws Exception {
        List<String> amounts =
                List.of("12345678901234567890.123456789", "12000.50", "0.000000000000000000010", "1e400", "-0.1");
        for (int i = 0; i < amounts.size(); i++) {
            String amount = amounts.get(i);
            apis.netsuite()
                    .stubFor(contract("C-" + (i + 1))
                            .willReturn(json("{\"id\":\"C-" + (i + 1) + "\",\"custrecord_swe_contract_value_olr\":"
                                    + amount + "}")));
            apis.usage().stubFor(customer("K-" + (i + 1)).willReturn(json("{\"data\":[{\"value\":" + amount + "}]}")));
        }

        run(feedOf(amounts.size()));

        assertThat(query(
                        "SELECT total_value::text, usage_value::text, source #>> '{netsuite,custrecord_swe_contract_value_olr}'"
                                + " FROM contract_enriched ORDER BY contract_id"))
                .extracting(Map::values)
                .map(List::copyOf)
                .containsExactlyElementsOf(amounts.stream()
                        .map(amount -> new BigDecimal(amount).toPlainString())
                        .map(amount -> List.<Object>of(amount, amount, amount))
                        .toList());
    }

    @Test
    void usageIsTheSumOfItsBuckets() throws Exception {
        apis.usage().stubFor(customer("K-1").willReturn(json("{\"data\":[]}")));
        apis.usage()
                .stubFor(
                        customer("K-2")
                                .willReturn(
                                        json(
                                                "{\"data\":[{\"value\":0.1,\"customerId\":\"K-2\"},{\"value\":0.2},{\"value\":1000,\"customerId\":null}]}")));

        run(feedOf(2));

        assertThat(query("SELECT usage_value FROM contract_enriched ORDER BY contract_id"))
                .containsExactly(
                        Map.of("usage_value", new BigDecimal("0")), Map.of("usage_value", new BigDecimal("1000.3")));
    }

    @Test
    void fieldThatIsMissingOrNullIsNull() throws Exception {
        apis.netsuite().stubFor(contract("C-1").willReturn(json("{\"id\":\"C-1\"}")));
        apis.netsuite().stubFor(contract("C-2").willReturn(json("""
                {"id":"C-2","name":null,"custrecord_contract_status":null,"custrecord_contracts_start_date":null,
                 "custrecord_contracts_end_date":null,"custrecord_swe_contract_value_olr":null,
                 "currency":{"id":"1","refName":null}}""")));

        Map<String, Object> run = run(feedOf(2));

        assertThat(run).containsEntry("loaded", 2L);
        assertThat(
                        query(
                                "SELECT contract_name, status, start_date, end_date, total_value, currency FROM contract_enriched"))
                .hasSize(2)
                .allSatisfy(row -> assertThat(row)
                        .hasSize(6)
                        .allSatisfy((column, value) -> assertThat(value).isNull()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "today",
                "infinity",
                "epoch",
                "01/02/2026",
                "1.2.2026",
                "20260102",
                "2026-1-2",
                "2026-01-02 BC",
                "2026-02-30",
                "January 2, 2026",
                "2026",
                "true"
            })
    void valueThatIsNoDateOfIso8601_isADeadLetterThatNamesIt(String date) throws Exception {
        apis.netsuite()
                .stubFor(contract("C-2")
                        .willReturn(json("{\"id\":\"C-2\",\"custrecord_contracts_end_date\":\"%s\"}".formatted(date))));

        assertThat(run(feedOf(3))).containsEntry("loaded", 2L).containsEntry("dead", 1L);

        assertThat(query("SELECT stage, error FROM dead_letter"))
                .singleElement()
                .satisfies(letter -> assertThat(letter)
                        .containsEntry("stage", "load")
                        .extractingByKey("error")
                        .asString()
                        .contains(date));
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity", "-inf", "0x1F", "1_000", "1,5", "12 000", "$5", ".", "1e", "twelve"})
    void valueThatIsNoFiniteNumber_isADeadLetterThatNamesIt(String number) throws Exception {
        apis.netsuite()
                .stubFor(contract("C-2")
                        .willReturn(json(
                                "{\"id\":\"C-2\",\"custrecord_swe_contract_value_olr\":\"%s\"}".formatted(number))));

        assertThat(run(feedOf(3))).containsEntry("loaded", 2L).containsEntry("dead", 1L);

        assertThat(query("SELECT stage, error FROM dead_letter"))
                .singleElement()
                .satisfies(letter -> assertThat(letter)
                        .containsEntry("stage", "load")
                        .extractingByKey("error")
                        .asString()
                        .contains("not a decimal number", number));
    }

    @ParameterizedTest
    @CsvSource({
        "'', '', ,",
        "2026-12-31, .5, 2026-12-31, 0.5",
        "2026-12-31T23:00:00Z, -5., 2026-12-31, -5",
        "2026-12-31 23:00:00.5+02:00, +1e3, 2026-12-31, 1000",
        "' 2026-12-31', ' 7 ', 2026-12-31, 7"
    })
    void valueAsATextIsThatDateOrNumber(String date, String number, String loadedDate, BigDecimal loadedNumber)
            throws Exception {
        apis.netsuite()
                .stubFor(contract("C-1")
                        .willReturn(json(
                                "{\"id\":\"C-1\",\"custrecord_contracts_end_date\":\"%s\",\"custrecord_swe_contract_value_olr\":\"%s\"}"
                                        .formatted(date, number))));

        assertThat(run(feedOf(1))).containsEntry("loaded", 1L);

        assertThat(query("SELECT end_date::text, total_value FROM contract_enriched"))
                .singleElement()
                .satisfies(row -> assertThat(row)
                        .containsEntry("end_date", loadedDate)
                        .containsEntry("total_value", loadedNumber));
    }

    @Test
    void sourceKeepsBothAnswersWhole() throws Exception {
        String record = "{\"id\": \"C-1\", \"links\": [], \"custom\": {\"deep\": [1.50, null, \"\\u00fc\"]}}";
        String report = "{\"data\": [{\"value\": 7.0, \"groupBy\": {\"region\": \"eu\"}}]}";
        apis.netsuite().stubFor(contract("C-1").willReturn(json(record)));
        apis.usage().stubFor(anyCustomer().willReturn(json(report)));

        run(feedOf(1));

        assertThat(value("SELECT source::text FROM contract_enriched"))
                .isEqualTo(value("SELECT '{\"netsuite\":" + record + ",\"usage\":" + report + "}'::jsonb::text"));
    }

    @Test
    void onlyWhatHasChangedIsWrittenAgain() throws Exception {
        Path feed = feedOf(3);
        run(feed);
        List<Map<String, Object>> before = versions();

        Map<String, Object> second = run(feed);

        assertThat(second)
                .containsEntry("status", "complete")
                .containsEntry("unchanged", 3L)
                .containsEntry("loaded", 0L);
        assertThat(versions()).isEqualTo(before);

        apis.usage().stubFor(customer("K-2").willReturn(json("{\"data\":[{\"value\":1}]}")));
        Map<String, Object> third = run(feed);

        assertThat(third)
                .containsEntry("status", "complete")
                .containsEntry("unchanged", 2L)
                .containsEntry("loaded", 1L);
        assertThat(versions()).hasSize(3).contains(before.get(0), before.get(2)).doesNotContain(before.get(1));
        assertThat(query("SELECT contract_id, usage_value FROM contract_enriched WHERE run_id = 3"))
                .containsExactly(Map.of("contract_id", "C-2", "usage_value", BigDecimal.ONE));
    }

    /** Which writing of each row is there. */
    private List<Map<String, Object>> versions() throws Exception {
        return query("SELECT contract_id, xmin::text, run_id, enriched_at FROM contract_enriched ORDER BY contract_id");
    }
}
