package contractflow;

import static contractflow.FakeApis.anyContract;
import static contractflow.FakeApis.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A database that goes away in mid-run costs time, or leaves what is left for the next start; it costs no contract. */
class WarehouseAwayTest extends ContractFlowTest {

    private Path data;
    private int port;
    private EmbeddedPostgres server;

    @Override
    protected String createDatabase() {
        try (ServerSocket free = new ServerSocket(0)) {
            data = Files.createTempDirectory("postgresql");
            port = free.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        startServer();
        return server.getJdbcUrl("postgres", "postgres");
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("batch.size", "10", "contract.workers", "10", "api.max-wait", "6s");
    }

    private void startServer() {
        try {
            server = EmbeddedPostgres.builder()
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    .setPort(port)
                    .setPGStartupWait(Duration.ofSeconds(30))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void stopServer() throws IOException {
        server.close();
    }

    @Test
    void restartInMidRunIsWaitedFor() throws Exception {
        CompletableFuture<Map<String, Object>> run = stoppedInMidRun();
        startServer();

        assertThat(run.get()).containsEntry("status", "complete").containsEntry("loaded", 300L).containsEntry("dead", 0L);
        assertThat(value("SELECT count(*) FROM contract_enriched")).isEqualTo(300L);
    }

    @Test
    void databaseThatStaysAwayLeavesTheRunToTheNextStart() throws Exception {
        CompletableFuture<Map<String, Object>> run = stoppedInMidRun();
        await().atMost(Duration.ofSeconds(90)).until(run::isDone);
        assertThat(run).isCompletedExceptionally();
        int asked = apis.netsuiteCalls();
        startServer();

        assertThat(run(folder.resolve("contracts.csv")))
                .containsEntry("run_id", 1L)
                .containsEntry("status", "complete")
                .containsEntry("loaded", 300L)
                .containsEntry("dead", 0L);
        assertThat(apis.netsuiteCalls() - asked).as("asked for after the restart").isLessThan(300);
    }

    private CompletableFuture<Map<String, Object>> stoppedInMidRun() throws Exception {
        apis.netsuite().stubFor(anyContract().willReturn(record(50)));
        CompletableFuture<Map<String, Object>> run = runInBackground(feedOf(300));
        await().until(() -> apis.usageCalls() > 60);
        server.close();
        return run;
    }
}
