package contractflow.run;

import static contractflow.support.FakeApis.anyContract;
import static contractflow.support.FakeApis.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import contractflow.observe.Progress;
import contractflow.support.CapturedLog;
import contractflow.support.ContractFlowTest;
import contractflow.support.Observed;
import contractflow.support.OwnDatabase;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A database that goes away in mid-run costs time, or leaves what is left for the next start; it costs no contract. */
@Tag("slow")
class WarehouseUnavailableTest extends ContractFlowTest {

    private final Observed process = new Observed();
    private OwnDatabase database;

    @Override
    protected String createDatabase() {
        database = new OwnDatabase();
        return database.url();
    }

    @Override
    protected Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(process.settings());
        settings.putAll(Map.of("batch.size", "10", "contract.workers", "10", "api.max-wait", "4s"));
        return settings;
    }

    @AfterEach
    void stopDatabase() throws IOException {
        database.stop();
    }

    @Test
    void restartInMidRunIsWaitedFor() throws Exception {
        try (CapturedLog log = CapturedLog.listen()) {
            CompletableFuture<Map<String, Object>> run = stoppedInMidRun();
            // A restart between two statements is not noticed.
            await().until(() -> !log.lines().isEmpty());
            database.start();

            assertThat(run.get())
                    .containsEntry("status", "complete")
                    .containsEntry("loaded", 300L)
                    .containsEntry("dead", 0L);
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith("WARN run 1 waits for the warehouse until it is available: ");
        }
        assertThat(value("SELECT count(*) FROM contract_enriched")).isEqualTo(300L);
    }

    @Test
    void feed_whileTheDatabaseIsUnavailable_waitsForIt() throws Exception {
        database.stop();
        try (CapturedLog log = CapturedLog.listen()) {
            CompletableFuture<Map<String, Object>> run = runInBackground(feedOf(3));
            await().until(() -> log.lines().stream()
                    .anyMatch(line ->
                            line.startsWith("WARN contracts.csv waits for the warehouse until it is available: ")));
            database.start();

            assertThat(run.get()).containsEntry("status", "complete").containsEntry("loaded", 3L);
        }
    }

    @Test
    void databaseThatStaysUnavailable_leavesTheRunToTheNextStart() throws Exception {
        CompletableFuture<Map<String, Object>> run = stoppedInMidRun();
        assertUnready();
        await().atMost(Duration.ofSeconds(90)).until(run::isDone);
        assertThat(run).isCompletedExceptionally();
        assertThat(context().getRegistry().findSingleByType(Progress.class).states())
                .as("shown as if it were going on")
                .isEmpty();
        int asked = apis.netsuiteCalls();
        database.start();
        await().until(() -> process.get("health/ready").statusCode() == 200);

        assertThat(run(folder.resolve("contracts.csv")))
                .containsEntry("run_id", 1L)
                .containsEntry("status", "complete")
                .containsEntry("loaded", 300L)
                .containsEntry("dead", 0L);
        assertThat(apis.netsuiteCalls() - asked)
                .as("asked for after the restart")
                .isLessThan(300);
    }

    /** The process cannot work, and says so to anybody, but no more than that; it need not be started again. */
    private void assertUnready() {
        HttpResponse<String> ready = process.get("health/ready?exposureLevel=full&stackTrace=true&data=true");
        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(ready.body())
                .contains("the warehouse cannot be reached")
                .doesNotContain("jdbc:", "127.0.0.1", "postgres", "Exception");
        assertThat(process.get("health/live").statusCode()).isEqualTo(200);
    }

    private CompletableFuture<Map<String, Object>> stoppedInMidRun() throws Exception {
        apis.netsuite().stubFor(anyContract().willReturn(record(50)));
        CompletableFuture<Map<String, Object>> run = runInBackground(feedOf(300));
        await().until(() -> apis.usageCalls() > 60);
        database.stop();
        return run;
    }
}
