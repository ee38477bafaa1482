package contractflow.feed;

import static contractflow.support.FakeApis.anyContract;
import static contractflow.support.FakeApis.contract;
import static contractflow.support.FakeApis.netsuiteError;
import static contractflow.support.FakeApis.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import contractflow.failure.FeedChanged;
import contractflow.support.ContractFlowTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Every row of a feed is accounted for, and only a row that can be worked on costs a call. */
class FeedTest extends ContractFlowTest {

    @Test
    void lastRowOfContractCounts() throws Exception {
        Path feed = feed("contracts.csv", "contract_id,customer_id\nA,K-old\n" + "B,K-b\n".repeat(1500) + "A,K-new\n");

        Map<String, Object> run = run(feed);

        assertThat(run)
                .containsEntry("status", "complete")
                .containsEntry("rows", 1502L)
                .containsEntry("loaded", 2L)
                .containsEntry("duplicate", 1500L);
        assertThat(value("SELECT customer_id FROM contract_enriched WHERE contract_id = 'A'"))
                .isEqualTo("K-new");
        assertThat(apis.netsuiteCalls("A")).isEqualTo(1);
        assertThat(apis.usageCalls("K-new")).isEqualTo(1);
        assertThat(apis.usageCalls("K-old")).isZero();
    }

    @Test
    void planner_knowsTheRowsOfTheFeed() throws Exception {
        execute("ALTER TABLE feed_row SET (autovacuum_enabled = false)");

        run(feedOf(3));

        assertThat(value("SELECT count(*) FROM pg_stats WHERE tablename = 'feed_row' AND attname = 'run_id'"))
                .isEqualTo(1L);
    }

    @Test
    void malformedRowIsDeadLetterWithoutCall() throws Exception {
        Map<String, Object> run = run(feed("contracts.csv", """
                contract_id,customer_id,note
                A,1,sound
                B,2
                ,3,nobody

                "D,4,open
                E,5,sound
                """));

        assertThat(run)
                .containsEntry("status", "complete")
                .containsEntry("rows", 5L)
                .containsEntry("loaded", 2L)
                .containsEntry("dead", 3L);
        assertThat(query("SELECT line_number, contract_id, row::text, error FROM dead_letter ORDER BY line_number"))
                .extracting(Map::values)
                .map(Object::toString)
                .containsExactly(
                        "[3, B, \"B,2\", 2 columns where the header has 3]",
                        "[4, null, {\"note\": \"nobody\", \"contract_id\": \"\", \"customer_id\": \"3\"}, no contract_id]",
                        "[6, null, \"\\\"D,4,open\", a quote is not closed, or text follows a closed one (lines 6 to 8)]");
        assertThat(query("SELECT DISTINCT stage, reason, attempts, status FROM dead_letter"))
                .containsExactly(Map.of("stage", "feed", "reason", "malformed row", "attempts", 0, "status", "open"));
        assertThat(apis.netsuiteCalls()).isEqualTo(2);
        assertThat(apis.usageCalls()).isEqualTo(2);
    }

    @Test
    void characterThatNoDatabaseStoresCostsAtMostItsRow() throws Exception {
        apis.netsuite()
                .stubFor(contract("B").willReturn(netsuiteError(404, "NONEXISTENT_ID", "There is no such record.")));

        Map<String, Object> run = run(feed("contracts.ndjson", """
                {"contract_id":"A","customer_id":"1","note":"\\u0000"}
                {"contract_id":"B","customer_id":"2","note":"\\u0000"}
                {"contract_id":"C","note":"\\ud83d"}
                {"contract_id":"D\\u0000","customer_id":"4"}
                \uD83D\uDE00
                """));

        assertThat(run)
                .containsEntry("status", "complete")
                .containsEntry("rows", 5L)
                .containsEntry("loaded", 1L)
                .containsEntry("dead", 4L);
        assertThat(query("SELECT line_number, stage, row #>> '{}' AS row FROM dead_letter ORDER BY line_number"))
                .extracting(Map::values)
                .map(Object::toString)
                .containsExactly(
                        "[2, netsuite, {\"contract_id\":\"B\",\"customer_id\":\"2\",\"note\":\"\\u0000\"}]",
                        "[3, feed, {\"contract_id\":\"C\",\"note\":\"\\uD83D\"}]",
                        "[4, feed, {\"contract_id\":\"D\\u0000\",\"customer_id\":\"4\"}]",
                        "[5, feed, \uD83D\uDE00]");
    }

    @Test
    void lastRowOfContractCountsEvenWhereItIsMalformed() throws Exception {
        Map<String, Object> run = run(feed("contracts.csv", """
                contract_id,customer_id
                A,1
                B,2,malformed
                A,1,malformed
                B,2
                """));

        assertThat(run)
                .containsEntry("status", "complete")
                .containsEntry("loaded", 1L)
                .containsEntry("dead", 1L)
                .containsEntry("duplicate", 2L);
        assertThat(query("SELECT contract_id, outcome FROM run_contract ORDER BY contract_id"))
                .containsExactly(
                        Map.of("contract_id", "A", "outcome", "dead"), Map.of("contract_id", "B", "outcome", "loaded"));
        assertThat(apis.netsuiteCalls("A")).isZero();
    }

    @Test
    void unreadableFeedFailsItsRunBeforeAnybodyIsCalled() throws Exception {
        assertFails(feed("empty.csv", ""), "empty.csv: is empty");
        assertFails(feed("header.csv", "contract_id,customer_id\n"), "header.csv: has no rows");
        assertFails(
                feed("customers.csv", "customer_id\n1\n"),
                "customers.csv: line 1 must be a header that names contract_id");
        assertFails(
                feed("twice.csv", "contract_id,customer_id,Customer_ID\nA,1,2\n"),
                "twice.csv: line 1, the header, has the column customer_id twice");
        assertFails(
                feed(
                        "parts.csv",
                        "contract_id,customer_id\n" + "A,1\n".repeat(1500) + "customer_id,contract_id\n2,B\n"),
                "parts.csv: line 1502 is another header");
        assertFails(
                feed("late.json", "[" + "{\"contract_id\":1,\"customer_id\":1},".repeat(1500) + "]"),
                "late.json: Unexpected");

        assertThat(value("SELECT count(*) FROM feed_row")).isEqualTo(0L);
        assertThat(apis.netsuiteCalls()).isZero();
        assertThat(apis.usageCalls()).isZero();
    }

    @Test
    void feedThatIsWrittenWhileItIsStored_causesNoCallAndIsReadAgain() throws Exception {
        execute(
                "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.5); RETURN NULL; END $$");
        execute("CREATE TRIGGER wait BEFORE INSERT ON feed_row FOR EACH STATEMENT EXECUTE FUNCTION wait()");
        Path feed = feed("contracts.csv", "contract_id,customer_id\nA,25");
        CompletableFuture<Map<String, Object>> running = runInBackground(feed);
        await().pollInterval(Duration.ofMillis(10))
                .until(() -> value("SELECT count(*) FROM run").equals(1L));
        Files.writeString(feed, "0\n", StandardOpenOption.APPEND);

        assertThatThrownBy(running::get).hasRootCauseInstanceOf(FeedChanged.class);

        assertThat(query("SELECT status, reason, rows FROM run"))
                .singleElement()
                .satisfies(run -> {
                    assertThat(run).containsEntry("status", "incomplete").containsEntry("rows", null);
                    assertThat(run.get("reason")).asString().startsWith("contracts.csv has changed since it was read");
                });
        assertThat(value("SELECT count(*) FROM feed_row")).isEqualTo(0L);
        assertThat(apis.netsuiteCalls()).isZero();
        assertThat(run(feed)).containsEntry("status", "complete").containsEntry("loaded", 1L);
        assertThat(apis.usageCalls("250")).isEqualTo(1);
    }

    @Test
    void runOfAFeedThatIsRewrittenInItsPlaceIsNotComplete() throws Exception {
        apis.netsuite().stubFor(anyContract().willReturn(record(300)));
        Path feed = feed("contracts.csv", "contract_id,customer_id\nC-1,K-1\nC-2,K-2\nC-3,K-3\nC-");
        CompletableFuture<Map<String, Object>> running = runInBackground(feed);
        await().until(() -> apis.netsuiteCalls() == 3);
        FileTime modified = Files.getLastModifiedTime(feed);
        Files.writeString(feed, Files.readString(feed).replace("K-2", "K-9").replaceFirst("C-$", "\n\n"));
        // As large, and as old, as before.
        Files.setLastModifiedTime(feed, modified);

        assertThat(running.get())
                .containsEntry("status", "incomplete")
                .containsEntry("loaded", 3L)
                .containsEntry("pending", 0L);
        assertThat(run(feed)).containsEntry("run_id", 2L).containsEntry("status", "complete");
        assertThat(value("SELECT customer_id FROM contract_enriched WHERE contract_id = 'C-2'"))
                .isEqualTo("K-9");
        assertThat(query("SELECT status FROM dead_letter"))
                .as("of a row that was cut off")
                .containsExactly(Map.of("status", "discarded"));
    }

    @Test
    void runOfAFeedThatIsTouchedIsComplete() throws Exception {
        apis.netsuite().stubFor(anyContract().willReturn(record(300)));
        Path feed = feed("contracts.csv", "contract_id,customer_id\nC-1,K-1");
        CompletableFuture<Map<String, Object>> running = runInBackground(feed);
        await().until(() -> apis.netsuiteCalls() == 1);
        Files.setLastModifiedTime(feed, FileTime.fromMillis(0));

        assertThat(running.get()).containsEntry("status", "complete").containsEntry("loaded", 1L);
    }

    private void assertFails(Path feed, String reason) throws Exception {
        assertThatThrownBy(() -> run(feed)).hasMessageContaining(reason);
        assertThat(query("SELECT * FROM run ORDER BY run_id DESC LIMIT 1"))
                .singleElement()
                .satisfies(run -> {
                    assertThat(run)
                            .containsEntry("feed", feed.getFileName().toString())
                            .containsEntry("status", "failed");
                    assertThat(run.get("reason")).asString().startsWith(reason);
                    assertThat(run.get("finished_at")).isNotNull();
                });
    }
}
