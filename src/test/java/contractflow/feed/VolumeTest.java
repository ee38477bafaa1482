package contractflow.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import contractflow.failure.FeedShrunk;
import contractflow.support.ContractFlowTest;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A feed of which a large part is missing is not taken for a quiet night. */
@Tag("slow")
class VolumeTest extends ContractFlowTest {

    @Test
    void feedThatHasShrunkIsRefusedBeforeAnybodyIsCalled() throws Exception {
        runsBefore("contracts-2026-11-0%d.csv", 12, 10, 8);
        int calls = apis.netsuiteCalls();

        assertThatThrownBy(() -> run(feed(6, "contracts-2026-11-24.csv")))
                .isInstanceOf(FeedShrunk.class)
                .hasMessage(
                        "the feed has 6 rows, 40 % fewer than the median of its last 3 runs, 10; where that is right, `run --force` runs it");

        assertThat(query("SELECT status, reason, rows FROM run ORDER BY run_id DESC LIMIT 1")
                        .get(0))
                .containsEntry("status", "failed")
                .hasEntrySatisfying(
                        "reason", reason -> assertThat(reason).asString().contains("40 % fewer"));
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
        runsBefore("customers-2026110%d.csv", 10, 10, 10);
        runsBefore("contracts-2026110%d.csv", 10, 10, 10);
        execute("UPDATE run SET status = 'incomplete' WHERE run_id = 4");

        assertThat(run(feed(2, "contracts-20261109.csv"))).containsEntry("status", "complete");
    }

    @Test
    void onlyTheLastSevenCount() throws Exception {
        runsBefore("contracts-202611%02d.csv", 100, 100, 100, 100, 2, 2, 2, 2, 2, 2, 2);

        assertThat(run(feed(2, "contracts-20261124.csv"))).containsEntry("status", "complete");
    }

    @Test
    void lastPartOfAListIsAsSmallAsItIs() throws Exception {
        runsBefore("part-000%d.csv", 10, 10, 10);
        assertThat(run(feed(4, "part-0004.csv"))).as("beside the other parts").containsEntry("status", "complete");

        runsBefore("contracts-2026110%d-part-0004.csv", 10, 10, 10);
        assertThat(run(feed(1, "contracts-20261124-part-0004.csv")))
                .as("after other nights")
                .containsEntry("status", "complete");
    }

    @Test
    void feedsWithNumbersAreEachComparedWithThemselves() throws Exception {
        for (int night = 1; night <= 3; night++) {
            runsBefore("contracts-1.csv", 10);
            runsBefore("contracts-2.csv", 4);
        }
        assertThat(run(feed(10, "contracts-1.csv"))).containsEntry("status", "complete");
        assertThat(run(feed(4, "contracts-2.csv"))).containsEntry("status", "complete");
        assertThatThrownBy(() -> run(feed(4, "contracts-1.csv"))).isInstanceOf(FeedShrunk.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"store-042-2026110%d.csv", "region-01.csv", "contracts-2026110%d-2.csv"})
    void feedOfASiteIsComparedWithItsOtherNights(String name) throws Exception {
        runsBefore(name, 10, 10, 10);

        assertThatThrownBy(() -> run(feed(4, name.formatted(9)))).isInstanceOf(FeedShrunk.class);
    }

    @ParameterizedTest
    @CsvSource({
        "store-1.csv, store-2.csv, store-3.csv",
        "site-aa.csv, site-ab.csv, site-ac.csv",
        "041.csv, 042.csv, 043.csv"
    })
    void sitesOfOneSizeAreNoParts(String first, String second, String third) throws Exception {
        for (String name : List.of(first, second, third)) {
            runsBefore(name, 10, 10, 10);
        }
        assertThatThrownBy(() -> run(feed(4, third))).isInstanceOf(FeedShrunk.class);
    }

    @ParameterizedTest
    @CsvSource({
        "contracts-1.csv, contracts-2.csv, contracts-3.csv",
        "contracts-2026110%d-00.csv, contracts-2026110%d-01.csv, contracts-2026110%d-02.csv",
        "contracts-aa.csv, contracts-ab.csv, contracts-ac.csv"
    })
    void lastPartIsKnownByThoseThatCameBeforeIt(String first, String second, String third) throws Exception {
        for (String part : List.of(first, second)) {
            runsBefore(part, 10, 10, 10);
        }
        runsBefore(third, 9, 8, 9);
        // Of another night, with a part less.
        execute("UPDATE run SET started_at = started_at - interval '25 hours' WHERE run_id % 3 <> 0");

        assertThat(run(feed(1, third.formatted(9)))).containsEntry("status", "complete");
        assertThatThrownBy(() -> run(feed(4, second.formatted(9))))
                .as("not the last one")
                .isInstanceOf(FeedShrunk.class);
        execute("UPDATE run SET started_at = started_at - interval '25 hours'");
        assertThatThrownBy(() -> run(feed(2, third.formatted(9))))
                .as("without the others")
                .isInstanceOf(FeedShrunk.class);
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
            execute(
                    "INSERT INTO run (feed, feed_sha256, usage_period, status, rows) VALUES ('%s', '%s', '2026-09', 'complete', %d)"
                            .formatted(name.formatted(i + 1), name + i, rows[i]));
        }
    }
}
