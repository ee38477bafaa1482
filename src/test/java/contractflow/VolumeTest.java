package contractflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A feed of which a large part is missing is not taken for a quiet night. */
class VolumeTest extends ContractFlowTest {

    @Test
    void feedThatHasShrunkIsRefusedBeforeAnybodyIsCalled() throws Exception {
        runsBefore("contracts-2026-11-0%d.csv", 12, 10, 8);
        int calls = apis.netsuiteCalls();

        assertThatThrownBy(() -> run(feed(6, "contracts-2026-11-24.csv")))
                .isInstanceOf(FeedShrunk.class)
                .hasMessage("the feed has 6 rows, 40 % fewer than the median of its last 3 runs, 10; where that is right, `run --force` runs it");

        assertThat(query("SELECT status, reason, rows FROM run ORDER BY run_id DESC LIMIT 1").get(0))
                .containsEntry("status", "failed")
                .hasEntrySatisfying("reason", reason -> assertThat(reason).asString().contains("40 % fewer"));
        assertThat(value("SELECT count(*) FROM feed_row WHERE run_id = 4")).isEqualTo(0L);
        assertThat(apis.netsuiteCalls()).isEqualTo(calls);
    }

    @Test
    void feedThatHasShrunkLessIsRun() throws Exception {
        runsBefore("contracts-2026-11-0%d.csv", 10, 10, 10);

        assertThat(run(feed(7, "contracts-2026-11-24.csv"))).containsEntry("status", "complete");
    }

    @Test
    void otherFeedsAndRunsThatDidNotCompleteSayNothing() throws Exception {
        runsBefore("customers-%d.csv", 10, 10, 10);
        runsBefore("contracts-%d.csv", 10, 10, 10);
        execute("UPDATE run SET status = 'incomplete' WHERE run_id = 4");

        assertThat(run(feed(2, "contracts-9.csv"))).containsEntry("status", "complete");
    }

    @Test
    void onlyTheLastSevenCount() throws Exception {
        runsBefore("contracts-%d.csv", 100, 100, 100, 100, 2, 2, 2, 2, 2, 2, 2);

        assertThat(run(feed(2, "contracts-99.csv"))).containsEntry("status", "complete");
    }

    private Path feed(int rows, String name) throws Exception {
        StringBuilder csv = new StringBuilder("contract_id,customer_id\n");
        for (int i = 1; i <= rows; i++) {
            csv.append("C-").append(i).append(",K\n");
        }
        return feed(name, csv.toString());
    }

    private void runsBefore(String name, int... rows) throws Exception {
        for (int i = 0; i < rows.length; i++) {
            execute("INSERT INTO run (feed, feed_sha256, usage_period, status, rows) VALUES ('%s', '%s', '2026-09', 'complete', %d)"
                    .formatted(name.formatted(i + 1), name + i, rows[i]));
        }
    }
}
