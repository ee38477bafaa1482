package contractflow.warehouse;

import static contractflow.support.FakeApis.anyContract;
import static contractflow.support.FakeApis.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import contractflow.support.CapturedLog;
import contractflow.support.ContractFlowTest;
import contractflow.support.ReplicatedDatabase;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A run goes on at the standby that has become the primary, with a URL that names both servers. */
class StandbyTest extends ContractFlowTest {

    private ReplicatedDatabase servers;

    @Override
    protected String createDatabase() {
        try {
            servers = new ReplicatedDatabase();
        } catch (IOException | SQLException e) {
            throw new IllegalStateException(e);
        }
        return servers.url();
    }

    @Override
    protected Map<String, String> settings() {
        return new HashMap<>(Map.of("batch.size", "10", "contract.workers", "10", "api.max-wait", "25s"));
    }

    @AfterEach
    void stopServers() throws IOException {
        servers.close();
    }

    @Test
    void runIsCompletedAtThePromotedStandby() throws Exception {
        apis.netsuite().stubFor(anyContract().willReturn(record(50)));
        CompletableFuture<Map<String, Object>> run = runInBackground(feedOf(300));
        await().until(() -> (Long) value("SELECT count(*) FROM contract_enriched") > 30);
        try (CapturedLog log = CapturedLog.listen()) {
            servers.killPrimary();
            await().atMost(Duration.ofSeconds(15))
                    .until(() -> log.lines().stream()
                            .anyMatch(line ->
                                    line.startsWith("WARN run 1 waits for the warehouse until it is available: ")));
            servers.promote();

            assertThat(run.get(25, TimeUnit.SECONDS))
                    .containsEntry("status", "complete")
                    .containsEntry("rows", 300L)
                    .containsEntry("loaded", 300L)
                    .containsEntry("dead", 0L);
        }
        assertThat(query("SELECT count(*) AS rows, count(DISTINCT contract_id) AS contracts FROM contract_enriched"))
                .isEqualTo(List.of(Map.of("rows", 300L, "contracts", 300L)));
        assertThat(query("SELECT count(*) AS outcomes, count(DISTINCT contract_id) AS contracts FROM run_contract"))
                .isEqualTo(List.of(Map.of("outcomes", 300L, "contracts", 300L)));
    }
}
