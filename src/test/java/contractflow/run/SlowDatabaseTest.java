package contractflow.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import contractflow.support.ContractFlowTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A slow database slows the run down: nothing piles up before it, and nothing is called finished before it is stored. */
class SlowDatabaseTest extends ContractFlowTest {

    private static final int WORKERS = 4;
    private static final int BATCH = 5;

    @Override
    protected Map<String, String> settings() {
        return Map.of(
                "contract.workers",
                String.valueOf(WORKERS),
                "batch.size",
                String.valueOf(BATCH),
                "netsuite.requests-per-second",
                "1000",
                "usage.requests-per-second",
                "1000");
    }

    @Test
    void contractsDoNotPileUpBeforeTheDatabase() throws Exception {
        slowDownLoading(Duration.ofMillis(20));
        Path feed = feedOf(100);
        List<Long> waiting = new ArrayList<>();

        CompletableFuture<Void> run = CompletableFuture.runAsync(() -> runQuietly(feed));
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(10)).until(() -> {
            // In this order, so that what is loaded in between is not taken for waiting.
            int fetched = apis.netsuiteCalls();
            waiting.add(fetched - (Long) value("SELECT count(*) FROM contract_enriched"));
            return run.isDone();
        });

        run.join();
        assertThat(waiting).hasSizeGreaterThan(20).allMatch(contracts -> contracts <= WORKERS + 2 * BATCH);
        assertThat(waiting).anyMatch(contracts -> contracts > BATCH);
        assertThat(value("SELECT loaded FROM run")).isEqualTo(100L);
    }

    @Test
    void runReturnsWhenItsLastContractIsStored() throws Exception {
        slowDownLoading(Duration.ofMillis(100));

        Map<String, Object> run = run(feedOf(BATCH + 2));

        assertThat(value("SELECT count(*) FROM contract_enriched")).isEqualTo(BATCH + 2L);
        assertThat(run).containsEntry("status", "complete").containsEntry("loaded", BATCH + 2L);
    }

    private void runQuietly(Path feed) {
        try {
            run(feed);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
