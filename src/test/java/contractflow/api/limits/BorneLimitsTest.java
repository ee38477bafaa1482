package contractflow.api.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import contractflow.benchmark.Server;
import contractflow.benchmark.Server.Limits;
import contractflow.contract.DeadLetterFilter;
import contractflow.contract.Json;
import contractflow.process.Routes;
import contractflow.run.Runs;
import contractflow.support.CapturedLog;
import contractflow.support.ContractFlowTest;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.support.CamelContextHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Settings that allow more than an API bears cost little, and the report names them; it is the API that counts. How much time and
 * how many refusals they cost is asserted on a virtual clock by {@link AdaptiveLimitsTest}, and measured by the benchmark.
 */
@Tag("slow")
class BorneLimitsTest extends ContractFlowTest {

    private static final int CONCURRENCY = 15;

    private final Server server = Server.inside();

    @Override
    protected Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        settings.put("netsuite.base-url", server.address());
        settings.put("usage.base-url", server.address());
        settings.put("netsuite.concurrency", String.valueOf(CONCURRENCY));
        settings.put("netsuite.requests-per-second", "200");
        settings.put("usage.requests-per-second", "100");
        return settings;
    }

    @AfterEach
    void stopServer() throws Exception {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({"5, 400, 0, 150", "10, 429, 1, 200", "1, 429, 0, 80"})
    void concurrencyThatIsSetTooHighCostsLittleAndIsNamed(int borne, int status, int retryAfter, int contracts)
            throws Exception {
        int latency = borne == 1 ? 60 : 200;
        server.set(new Limits(latency, borne, 0, status, retryAfter), Limits.NONE);

        Map<String, Object> run;
        List<String> lines;
        try (CapturedLog log = CapturedLog.listenTo(ApiLimits.class)) {
            run = run(feedOf(contracts));
            lines = log.lines().stream()
                    .filter(line -> line.contains("rate limited"))
                    .toList();
        }

        assertThat(run)
                .containsEntry("status", "complete")
                .containsEntry("loaded", (long) contracts)
                .containsEntry("dead", 0L);
        JsonNode netsuite = server.counts().get("netsuite");
        assertThat(netsuite.get("refused").asLong()).isPositive().isLessThanOrEqualTo(contracts / 10);
        assertThat(netsuite.get("mostInFlight").asInt()).isEqualTo(borne);
        assertThat(lines)
                .hasSizeBetween(1, 3)
                .last()
                .asString()
                .matches("INFO netsuite: rate limited \\(" + status + " CONCURRENCY_LIMIT_EXCEEDED\\)"
                        + "(, pausing [\\d,]+ ms)?, concurrency limit now " + borne + " of 15");
        String advice = "netsuite bore " + borne + (borne == 1 ? " call" : " calls")
                + " at once, netsuite.concurrency is 15: set" + " netsuite.concurrency=" + borne;
        assertThat(text()).contains("\n  " + advice);
        assertThat(Files.readString(reports.resolve("1.html"))).contains("<p>" + advice + "</p>");
        JsonNode report = Json.exact().readTree(reports.resolve("1.json").toFile());
        assertThat(report.at("/advice")).extracting(JsonNode::asText).containsExactly(advice);
        assertThat(report.at("/apis/0/refused")).isEqualTo(netsuite.get("refused"));
    }

    @ParameterizedTest
    @CsvSource({"5, 503, 503", "5, 0, no answer", "2, 503, 503"})
    void concurrencyThatIsRefusedAsAnOutageCostsLittleAndIsNamed(int borne, int status, String said) throws Exception {
        int contracts = 200;
        server.set(new Limits(200, borne, 0, status, 0), Limits.NONE);

        Map<String, Object> run;
        List<String> lines;
        try (CapturedLog log = CapturedLog.listenTo(ApiLimits.class)) {
            run = run(feedOf(contracts));
            lines = log.lines().stream()
                    .filter(line -> line.contains("rate limited"))
                    .toList();
        }

        assertThat(run)
                .containsEntry("status", "complete")
                .containsEntry("loaded", (long) contracts)
                .containsEntry("dead", 0L);
        JsonNode netsuite = server.counts().get("netsuite");
        assertThat(netsuite.get("refused").asLong()).isPositive().isLessThanOrEqualTo(contracts / 10);
        assertThat(netsuite.get("mostInFlight").asInt()).isEqualTo(borne);
        assertThat(lines)
                .hasSizeBetween(1, 3)
                .first()
                .asString()
                .startsWith("INFO netsuite: rate limited (" + said + ")");
        assertThat(text()).contains("set netsuite.concurrency=" + borne);
    }

    @Test
    void limitThatChangesInMidRunIsFoundAgain() throws Exception {
        server.set(new Limits(100, 15, 0, 400, 0), Limits.NONE);
        int contracts = 1100;
        CompletableFuture<Map<String, Object>> running = runInBackground(feedOf(contracts));
        awaitCalls(400);
        server.change(new Limits(100, 5, 0, 400, 0), Limits.NONE);
        awaitCalls(600);
        server.change(new Limits(100, 15, 0, 400, 0), Limits.NONE);

        Map<String, Object> run = running.get();
        assertThat(run).containsEntry("status", "complete").containsEntry("loaded", (long) contracts);
        assertThat(server.counts().at("/netsuite/refused").asLong()).isBetween(1L, contracts / 10L);
        assertThat(server.counts().at("/netsuite/mostInFlight").asInt()).isEqualTo(15);
    }

    @Test
    void rateThatIsSetTooHighCostsLittleAndIsNamed() throws Exception {
        server.set(Limits.NONE, new Limits(20, 0, 50, 429, 2));
        int contracts = 400;

        Map<String, Object> run = run(feedOf(contracts));

        assertThat(run).containsEntry("status", "complete").containsEntry("loaded", (long) contracts);
        assertThat(server.counts().at("/usage/refused").asLong()).isBetween(1L, contracts / 10L);
        assertThat(text())
                .containsPattern("usage bore (4[5-9]|50) calls a second, usage.requests-per-second is 100: set"
                        + " usage.requests-per-second=(4[5-9]|50)(\n|$)");
    }

    @Test
    void runIsAdvisedOfAllOfItsStarts() throws Exception {
        server.set(new Limits(50, 5, 0, 400, 0), Limits.NONE);
        CompletableFuture<Map<String, Object>> running = runInBackground(feedOf(200));
        awaitCalls(60);
        CamelContextHelper.findSingleByType(context, Runs.class).inWork().forEach(run -> run.stop("stopped"));
        assertThat(running.get()).containsEntry("status", "incomplete");
        Object refused = value("SELECT refused FROM run_api WHERE api = 'netsuite'");
        assertThat(refused)
                .isEqualTo(server.counts().at("/netsuite/refused").asLong())
                .isNotEqualTo(0L);
        server.set(Limits.NONE, Limits.NONE);

        assertThat(run(folder.resolve("contracts.csv")))
                .containsEntry("run_id", 1L)
                .containsEntry("status", "complete");

        assertThat(query("SELECT refused, concurrency_borne FROM run_api WHERE api = 'netsuite'"))
                .containsExactly(Map.of("refused", refused, "concurrency_borne", 5));
        assertThat(text()).contains("set netsuite.concurrency=5");
    }

    private void awaitCalls(int calls) {
        await().until(() -> server.counts().at("/netsuite/calls").asInt() >= calls);
    }

    private String text() throws Exception {
        return Routes.ask(
                template,
                "direct:show-report",
                new DeadLetterFilter(null, null, null, null, null),
                "text",
                String.class);
    }
}
