package contractflow.process;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static contractflow.support.FakeApis.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import contractflow.report.ExitCode;
import contractflow.support.CamelSchema;
import contractflow.support.ChildProcess;
import contractflow.support.ContractFlowTest;
import contractflow.support.Guide;
import contractflow.support.ProcessTest;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An API of a user's own is what docs/editing-routes.md says it is: what stands there is done here, as it stands there. */
class OwnApiIT extends ProcessTest {

    private static final String TOKEN = "billing-secret";
    private static final int DELAY_MILLIS = 150;

    private final WireMockServer billing = ContractFlowTest.server();

    @BeforeEach
    void doAsTheGuideSays() throws Exception {
        for (String name : List.of("routes", "sql", "application.properties")) {
            Guide.copy(name, folder);
        }
        List<Path> files =
                Guide.section("docs/editing-routes.md", "## Another API").followIn(folder);
        assertThat(files).hasSize(4);
        for (Path file : files.subList(1, 3)) {
            JsonNode routes = new YAMLMapper().readTree(file.toFile());
            assertThat(CamelSchema.published().faults(routes)).as("%s", file).isEmpty();
            assertThat(CamelSchema.canonical().faults(routes)).as("%s", file).isEmpty();
        }
        environment.put("BILLING_BASE_URL", billing.baseUrl());
        environment.put("BILLING_TOKEN", TOKEN);
        environment.put("BILLING_CONCURRENCY", "1");
        environment.put("BILLING_REQUESTS_PER_SECOND", "1000");
        billing.stubFor(account("[^/]+")
                .atPriority(9)
                .willReturn(json("{\"accountId\":\"{{request.pathSegments.[2]}}\",\"balance\":12.50}")
                        .withTransformers("response-template")
                        .withFixedDelay(DELAY_MILLIS)));
    }

    @AfterEach
    void stopBilling() {
        billing.stop();
    }

    @Test
    void apiOfTheGuideIsAskedWithinItsLimitsAndFillsItsColumn() throws Exception {
        billing.stubFor(
                get(urlEqualTo("/v1/accounts/K-2")).willReturn(aResponse().withStatus(404)));
        billing.stubFor(get(urlEqualTo("/v1/accounts/K-3")).willReturn(json("{\"accountId\":\"K-1\",\"balance\":1}")));

        assertThat(run("run", feedOf(6))).isEqualTo(ExitCode.DEAD_LETTERS);

        assertThat(query("SELECT contract_id, balance FROM contract_enriched ORDER BY contract_id"))
                .containsExactly(balance("C-1"), balance("C-4"), balance("C-5"), balance("C-6"));
        assertThat(
                        query(
                                "SELECT contract_id, stage, reason, netsuite ->> 'id' AS record FROM dead_letter ORDER BY contract_id"))
                .containsExactly(
                        Map.of("contract_id", "C-2", "stage", "billing", "reason", "404", "record", "C-2"),
                        Map.of(
                                "contract_id",
                                "C-3",
                                "stage",
                                "billing",
                                "reason",
                                "unexpected answer",
                                "record",
                                "C-3"));
        int calls = billing.getAllServeEvents().size();
        assertThat(query("SELECT calls FROM run_api WHERE api = 'billing'"))
                .containsExactly(Map.of("calls", (long) calls));
        // The last records of a feed are compared with one that is known, before they are dead letters.
        assertThat(calls).isBetween(6, 8);
        // One at a time: no call was made while another was answered.
        List<Long> arrivals = billing.getAllServeEvents().stream()
                .filter(call -> call.getResponse().getStatus() == 200
                        && !call.getRequest().getUrl().endsWith("K-3"))
                .map(ServeEvent::getRequest)
                .map(request -> request.getLoggedDate().toInstant().toEpochMilli())
                .sorted()
                .toList();
        for (int i = 1; i < arrivals.size(); i++) {
            assertThat(arrivals.get(i) - arrivals.get(i - 1)).isGreaterThanOrEqualTo(DELAY_MILLIS - 1);
        }

        billing.resetMappings();
        billing.stubFor(account("K-[23]")
                .willReturn(json("{\"accountId\":\"{{request.pathSegments.[2]}}\",\"balance\":12.50}")
                        .withTransformers("response-template")));
        assertThat(run("dead-letters", "replay")).isEqualTo(ExitCode.ALL_LOADED);

        assertThat(query("SELECT balance FROM contract_enriched"))
                .hasSize(6)
                .containsOnly(Map.of("balance", new BigDecimal("12.50")));
        assertThat(apis.netsuiteCalls("C-2")).isOne();
    }

    private int run(String... arguments) throws Exception {
        try (ChildProcess process = start(arguments)) {
            int exitCode = process.exitCode();
            process.assertFitToRead();
            assertThat(process.output()).doesNotContain(TOKEN).containsPattern("billing +\\d calls");
            return exitCode;
        }
    }

    private static MappingBuilder account(String id) {
        return get(urlPathMatching("/v1/accounts/" + id)).withHeader("Authorization", equalTo("Bearer " + TOKEN));
    }

    private static Map<String, Object> balance(String contract) {
        return Map.of("contract_id", contract, "balance", new BigDecimal("12.50"));
    }
}
