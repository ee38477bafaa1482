package contractflow.run;

import static contractflow.support.FakeApis.anyContract;
import static contractflow.support.FakeApis.contract;
import static contractflow.support.FakeApis.contractLike;
import static contractflow.support.FakeApis.customer;
import static contractflow.support.FakeApis.netsuiteError;
import static contractflow.support.FakeApis.record;
import static contractflow.support.FakeApis.report;
import static contractflow.support.FakeApis.usageProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import contractflow.contract.DeadLetterFilter;
import contractflow.failure.FeedInUse;
import contractflow.feed.Feed;
import contractflow.process.Routes;
import contractflow.support.ContractFlowTest;
import contractflow.support.FakeApis;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.Test;

/** Whatever happens to a run, each row of its feed is accounted for, and no API is asked for what is in the database. */
class RunTest extends ContractFlowTest {

    @Override
    protected Map<String, String> settings() {
        return Map.of("contract.workers", "10", "run.max-dead-min-rows", "20", "api.max-wait", "20s");
    }

    @Test
    void stoppedRunFinishesWhatIsInFlightAndIsResumedUnderItsId() throws Exception {
        apis.netsuite().stubFor(anyContract().willReturn(record(50)));
        Path feed = feedOf(200);
        CompletableFuture<Map<String, Object>> running = runInBackground(feed);
        await().until(() -> apis.usageCalls() > 20);
        context.getRegistry().lookupByNameAndType("runs", Runs.class).stopAll("stopped");

        Map<String, Object> stopped = running.get();

        assertThat(stopped)
                .containsEntry("status", "incomplete")
                .containsEntry("reason", "stopped")
                .containsEntry("dead", 0L);
        int asked = apis.netsuiteCalls();
        assertThat(stopped).containsEntry("loaded", (long) asked).containsEntry("pending", 200L - asked);

        assertThat(run(feed))
                .containsEntry("run_id", stopped.get("run_id"))
                .containsEntry("status", "complete")
                .containsEntry("loaded", 200L);
        assertThat(apis.netsuiteCalls())
                .as("no call is made for what is in the ledger")
                .isEqualTo(200);
        assertThat(value("SELECT count(*) FROM contract_enriched")).isEqualTo(200L);
    }

    @Test
    void finishedFeedThatComesAgainIsANewRunWhichChangesNothing() throws Exception {
        run(feedOf(30));

        assertThat(run(feedOf(30)))
                .containsEntry("run_id", 2L)
                .containsEntry("unchanged", 30L)
                .containsEntry("loaded", 0L);
    }

    @Test
    void feedWhoseContentHasChangedIsANewRun() throws Exception {
        apis.netsuite()
                .stubFor(anyContract().willReturn(netsuiteError(403, "INSUFFICIENT_PERMISSION", "Not for you.")));
        assertThat(run(feedOf(2))).containsEntry("status", "incomplete");
        apis.netsuite().stubFor(anyContract().willReturn(record(0)));
        apis.netsuite()
                .stubFor(contract("C-2").willReturn(netsuiteError(404, "NONEXISTENT_ID", "There is no such record.")));

        assertThat(run(feedOf(3)))
                .containsEntry("run_id", 2L)
                .containsEntry("status", "complete")
                .containsEntry("rows", 3L);
        assertThat(value("SELECT status FROM run WHERE run_id = 1")).isEqualTo("incomplete");
    }

    @Test
    void resumedRunKeepsItsMonthAndItsDuplicates() throws Exception {
        context.getRegistry().lookupByNameAndType("runs", Runs.class).setUsagePeriod("2026-09");
        apis.netsuite()
                .stubFor(anyContract().willReturn(netsuiteError(403, "INSUFFICIENT_PERMISSION", "Not for you.")));
        Path feed = feed("twice.csv", "contract_id,customer_id\nC-1,K-0\nC-1,K-1\nbad\nC-2,K-2\n");
        assertThat(run(feed))
                .containsEntry("status", "incomplete")
                .containsEntry("duplicate", 1L)
                .containsEntry("dead", 1L);
        apis.netsuite().stubFor(anyContract().willReturn(record(0)));

        assertThat(run(feed))
                .containsEntry("status", "complete")
                .containsEntry("rows", 4L)
                .containsEntry("duplicate", 1L)
                .containsEntry("dead", 1L)
                .containsEntry("loaded", 2L);
        assertThat(value("SELECT usage_period FROM contract_enriched WHERE contract_id = 'C-2'"))
                .isEqualTo("2026-09");
        assertThat(value("SELECT count(*) FROM dead_letter")).isEqualTo(1L);
    }

    @Test
    void runThatWaitsForLongerThanTheHistoryIsKeptIsResumedAllTheSame() throws Exception {
        apis.netsuite()
                .stubFor(anyContract().willReturn(netsuiteError(403, "INSUFFICIENT_PERMISSION", "Not for you.")));
        Path feed = feedOf(3);
        assertThat(run(feed)).containsEntry("status", "incomplete");
        execute("UPDATE run SET finished_at = now() - interval '1 year'");
        apis.netsuite().stubFor(anyContract().willReturn(record(0)));
        run(feed("other.csv", "contract_id,customer_id\nD-1,K-1\n"));

        run(feed);

        assertThat(query("SELECT status, rows, loaded FROM run WHERE run_id = 1"))
                .containsExactly(Map.of("status", "complete", "rows", 3L, "loaded", 3L));
        assertThat(value("SELECT count(*) FROM contract_enriched")).isEqualTo(4L);
    }

    @Test
    void deadLetterWithAnUnreadableRow_isReplayed() throws Exception {
        apis.netsuite()
                .stubFor(contract("A").willReturn(netsuiteError(404, "NONEXISTENT_ID", "There is no such record.")));
        run(feed("contracts.ndjson", "{\"contract_id\":\"A\",\"customer_id\":\"K-1\",\"note\":\"\\u0000\"}\n"));
        apis.netsuite().stubFor(contract("A").willReturn(record(0)));

        replay(new DeadLetterFilter(null, null, 10L, null, null));

        assertThat(query("SELECT status FROM dead_letter")).containsExactly(Map.of("status", "replayed"));
        assertThat(value("SELECT customer_id FROM contract_enriched")).isEqualTo("K-1");
    }

    @Test
    void feedLock_isKeptAfterConnectionLoss() throws Exception {
        FeedLock lock = context.getRegistry().lookupByNameAndType("feedLock", FeedLock.class);
        Run run = new Run(
                Feed.of(feedOf(1).toFile()),
                Map.of("run_id", 1, "usage_period", "2026-10", "resumed", false),
                null,
                new DeadBudget(100, 1));
        lock.acquire(run.getFeed());
        for (int i = 0; i < 5; i++) {
            execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted");
            List<CompletableFuture<Void>> looks = Stream.generate(
                            () -> CompletableFuture.runAsync(() -> renew(lock, run)))
                    .limit(4)
                    .toList();
            looks.forEach(CompletableFuture::join);
        }

        assertThat(run.isStopped()).isFalse();
        lock.release(run.getFeed());
    }

    private static void renew(FeedLock lock, Run run) {
        try {
            lock.renew(run);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void runThatAnotherProcessHasIsLeftAlone() throws Exception {
        Path feed = feedOf(3);
        try (Connection other = otherProcess()) {
            lockRun(other, feed, "2026-10", "contracts.csv");
            assertThatThrownBy(() -> run(feed))
                    .isInstanceOf(FeedInUse.class)
                    .hasMessageMatching(
                            "contracts.csv is being worked on by contractflow, process 1 at 127.0.0.1, whose session (\\d+) began at"
                                    + " \\d{4}-\\d\\d-\\d\\d .*; where that process has ended, SELECT pg_terminate_backend[(]\\1[)] ends its session");
        }
        assertThat(apis.netsuiteCalls()).isZero();
        assertThat(value("SELECT count(*) FROM run")).isEqualTo(0L);
        assertThat(run(feed)).containsEntry("status", "complete");
    }

    @Test
    void runsOfOneContentButOfTwoSeriesOrMonthsGoOnSideBySide() throws Exception {
        Path feed = feedOf(3);
        execute(
                "INSERT INTO run (feed, feed_sha256, usage_period, status) SELECT 'contracts.csv', '%s', month, 'running' FROM unnest('{2026-08,2026-09}'::text[]) AS month"
                        .formatted(Feed.of(feed.toFile()).sha256()));
        try (Connection other = otherProcess()) {
            lockRun(other, feed, "2026-09", "contracts.csv");
            lockRun(other, feed, "2026-10", "others.csv");
            assertThat(run(feed)).containsEntry("run_id", 3L).containsEntry("status", "complete");
        }
        assertThat(query("SELECT run_id, status, superseded_by FROM run ORDER BY run_id LIMIT 2"))
                .as("ended, and in work")
                .containsExactly(
                        Map.of("run_id", 1L, "status", "incomplete", "superseded_by", 3L),
                        row("run_id", 2L, "status", "running", "superseded_by", null));
    }

    private static Map<String, Object> row(Object... columns) {
        Map<String, Object> row = new HashMap<>();
        for (int i = 0; i < columns.length; i += 2) {
            row.put((String) columns[i], columns[i + 1]);
        }
        return row;
    }

    private Connection otherProcess() throws SQLException {
        return DriverManager.getConnection(databaseUrl + "&ApplicationName=contractflow, process 1");
    }

    private static void lockRun(Connection process, Path feed, String period, String series) throws SQLException {
        try (PreparedStatement lock = process.prepareStatement("SELECT pg_advisory_lock(hashtextextended(?, 0))")) {
            lock.setString(1, Feed.of(feed.toFile()).sha256() + " " + period + " " + series);
            lock.execute();
        }
    }

    @Test
    void contractThatIsLostFailsTheRunAndIsNamed() throws Exception {
        execute("""
                CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN IF NEW.contract_id = 'C-2' THEN RETURN NULL; END IF; RETURN NEW; END $$""");
        execute("CREATE TRIGGER lose BEFORE INSERT ON run_contract FOR EACH ROW EXECUTE FUNCTION lose()");

        assertThat(run(feedOf(3)))
                .containsEntry("status", "failed")
                .containsEntry("pending", 1L)
                .containsEntry("reason", "not accounted for: C-2");
    }

    @Test
    void tooManyDeadLettersStopTheRunHoweverOftenItIsStarted() throws Exception {
        run(feed("yesterday.csv", "contract_id,customer_id\nD-1,K-1\nD-2,K-2\n"));
        apis.netsuite()
                .stubFor(contractLike("C-.*")
                        .willReturn(netsuiteError(404, "NONEXISTENT_ID", "There is no such record.")));
        Path feed = feedOf(300);

        Map<String, Object> run = run(feed);

        assertThat(run).containsEntry("status", "incomplete");
        assertThat(run.get("reason").toString())
                .contains("rows are dead letters, more than 20.0 %")
                .contains("run.max-dead-percent");
        assertThat((Long) run.get("dead")).isBetween(20L, 35L);
        int calls = apis.netsuiteCalls();
        assertThat(calls).isLessThanOrEqualTo(60);

        for (int start = 2; start <= 3; start++) {
            assertThat(run(feed))
                    .containsEntry("run_id", run.get("run_id"))
                    .containsEntry("status", "incomplete")
                    .containsEntry("dead", run.get("dead"));
        }
        assertThat(apis.netsuiteCalls()).as("calls of the later starts").isEqualTo(calls);

        // Dead letters that are accepted, or replayed, let the run go on.
        Routes.ask(
                template,
                "direct:discard-dead-letters",
                new DeadLetterFilter(2L, null, null, null, "sold"),
                null,
                Long.class);
        apis.netsuite().stubFor(contractLike("C-.*").willReturn(record(0)));
        assertThat(run(feed))
                .containsEntry("run_id", run.get("run_id"))
                .containsEntry("status", "complete")
                .containsEntry("dead", run.get("dead"));
    }

    @Test
    void shareIsThatOfAllContractsAndOfDefectiveRowsTogether() throws Exception {
        Run run = new Run(
                Feed.ofDeadLetters(),
                Map.of("run_id", 1, "usage_period", "2026-10", "resumed", true, "rows", 150),
                null,
                new DeadBudget(20, 100));
        run.setAccounted(new Accounted(65, 50, 15, 0, 15, 15));
        assertThat(run.isStopped()).as("15 of 100 contracts, and 50 duplicates").isFalse();

        for (int i = 0; i < 5; i++) {
            run.deadLettered(false);
        }
        assertThat(run.isStopped()).as("20 %").isFalse();
        run.deadLettered(false);

        assertThat(run.getStopReason()).startsWith("21 of 100 rows are dead letters");
    }

    @Test
    void tooManyDefectiveRowsStopTheRunBeforeTheFirstCall() throws Exception {
        assertThat(run(feed("half.csv", "contract_id,customer_id\n" + "C-1,K-1\n" + ",K-2\n".repeat(21))))
                .containsEntry("status", "incomplete")
                .containsEntry("dead", 21L);
        assertThat(apis.netsuiteCalls()).isZero();
    }

    @Test
    void poisonRowsAreFoundByHalving() throws Exception {
        execute("ALTER TABLE contract_enriched ADD CHECK (contract_id NOT IN ('C-7', 'C-300'))");
        execute("CREATE SEQUENCE statements");
        execute(
                "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM nextval('statements'); RETURN NULL; END $$");
        execute("CREATE TRIGGER note BEFORE INSERT ON contract_enriched FOR EACH STATEMENT EXECUTE FUNCTION note()");
        apis.netsuite().stubFor(contract("C-40").willReturn(FakeApis.json("{\"id\":\"C-40\",\"name\":\"a\\u0000b\"}")));
        apis.netsuite()
                .stubFor(contract("C-41")
                        .willReturn(
                                FakeApis.json("{\"id\":\"C-41\",\"custrecord_contracts_start_date\":\"someday\"}")));
        apis.netsuite()
                .stubFor(contract("C-42")
                        .willReturn(FakeApis.json("{\"id\":\"C-42\",\"custrecord_swe_contract_value_olr\":1e999999}")));

        assertThat(run(feedOf(400)))
                .containsEntry("status", "complete")
                .containsEntry("loaded", 395L)
                .containsEntry("dead", 5L);

        assertThat(
                        query(
                                "SELECT contract_id FROM dead_letter WHERE stage = 'load' AND reason = 'refused by the database' AND netsuite IS NOT NULL ORDER BY 1"))
                .extracting(row -> row.get("contract_id"))
                .containsExactly("C-300", "C-40", "C-41", "C-42", "C-7");
        // Each bad row costs two statements for each time that its batch is halved; row by row it would be 400.
        assertThat((Long) value("SELECT last_value FROM statements")).isLessThan(5 * 2 * 9 + 40L);
    }

    @Test
    void replayAsksOnlyForWhatIsMissing() throws Exception {
        apis.usage().stubFor(customer("K-2").willReturn(usageProblem(404, "customer not found")));
        apis.netsuite()
                .stubFor(contract("C-3").willReturn(netsuiteError(404, "NONEXISTENT_ID", "There is no such record.")));
        run(feedOf(30));
        apis.usage().stubFor(customer("K-2").willReturn(report(0)));

        Map<?, ?> replay = replay(new DeadLetterFilter(null, null, null, null, null));

        assertThat(replay.get("rows")).isEqualTo(2L);
        assertThat(replay.get("loaded")).isEqualTo(1L);
        assertThat(replay.get("dead")).isEqualTo(1L);
        assertThat(apis.netsuiteCalls("C-2")).as("its record was kept").isEqualTo(1);
        assertThat(apis.usageCalls("K-2")).isEqualTo(2);
        assertThat(query("SELECT contract_id, status FROM dead_letter ORDER BY contract_id"))
                .extracting(Map::values)
                .map(List::copyOf)
                .containsExactly(List.of("C-2", "replayed"), List.of("C-3", "open"));
    }

    @Test
    void deadLetterOfTheDatabase_isFetchedAgain() throws Exception {
        apis.netsuite()
                .stubFor(contract("C-2")
                        .willReturn(FakeApis.json("{\"id\":\"C-2\",\"custrecord_contracts_end_date\":\"never\"}")));
        run(feedOf(30));
        apis.netsuite().stubFor(contract("C-2").willReturn(record(0)));

        assertThat(replay(new DeadLetterFilter(1L, "refused by the database", null, null, null))
                        .get("loaded"))
                .isEqualTo(1L);
    }

    @Test
    void deadLetter_isReplayedOnceByTwoAtATime() throws Exception {
        apis.netsuite()
                .stubFor(contract("C-2").willReturn(netsuiteError(404, "NONEXISTENT_ID", "There is no such record.")));
        run(feedOf(30));
        apis.netsuite().stubFor(contract("C-2").willReturn(record(500)));

        CompletableFuture<Map<?, ?>> first =
                CompletableFuture.supplyAsync(() -> replay(new DeadLetterFilter(null, null, null, null, null)));
        await().until(() -> apis.netsuiteCalls("C-2") == 2);
        assertThatThrownBy(() -> replay(new DeadLetterFilter(null, null, null, null, null)))
                .hasMessageContaining("dead letters is being worked on");

        assertThat(first.get().get("loaded")).isEqualTo(1L);
        assertThat(apis.netsuiteCalls("C-2")).isEqualTo(2);
    }

    @Test
    void replayOfAnOlderMonthLeavesTheNewerOneAlone() throws Exception {
        apis.usage().stubFor(customer("K-2").willReturn(usageProblem(404, "customer not found")));
        run(feedOf(30));
        execute("UPDATE run SET usage_period = '2026-09'");
        run(feedOf(31));
        apis.usage().stubFor(customer("K-2").willReturn(report(0)));

        replay(new DeadLetterFilter(1L, null, null, null, null));
        assertThat(query("SELECT status FROM dead_letter ORDER BY run_id"))
                .extracting(row -> row.get("status"))
                .containsExactly("replayed", "open");

        replay(new DeadLetterFilter(2L, null, null, null, null));
        execute("UPDATE dead_letter SET status = 'open' WHERE run_id = 1");
        replay(new DeadLetterFilter(1L, null, null, null, null));
        assertThat(value("SELECT usage_period FROM contract_enriched WHERE contract_id = 'C-2'"))
                .isEqualTo("2026-10");
    }

    @Test
    void deadLetterThatCannotBeWrittenLeavesItsContractPending() throws Exception {
        apis.netsuite()
                .stubFor(contract("C-2").willReturn(netsuiteError(404, "NONEXISTENT_ID", "There is no such record.")));
        execute(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '42501'; END $$");
        execute("CREATE TRIGGER refuse BEFORE INSERT ON dead_letter FOR EACH ROW EXECUTE FUNCTION refuse()");

        Map<String, Object> run = run(feedOf(3));
        assertThat(run).containsEntry("status", "incomplete").containsEntry("dead", 0L);
        assertThat(run.get("reason").toString()).contains("ERROR: no");

        execute("DROP TRIGGER refuse ON dead_letter");
        assertThat(run(folder.resolve("contracts.csv")))
                .containsEntry("run_id", 1L)
                .containsEntry("status", "complete")
                .containsEntry("dead", 1L);
    }

    @Test
    void feedThatAnotherProcessTakesInMidRunIsLeftToIt() throws Exception {
        apis.netsuite().stubFor(anyContract().willReturn(record(100)));
        Path feed = feedOf(2000);
        CompletableFuture<Map<String, Object>> running = runInBackground(feed);
        await().until(() -> apis.usageCalls() > 10);
        try (Connection other = otherProcess()) {
            execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'");
            lockRun(other, feed, "2026-10", "contracts.csv");

            assertThatThrownBy(running::get).hasRootCauseInstanceOf(FeedInUse.class);
            assertThat(value("SELECT status FROM run"))
                    .as("for the other process to close")
                    .isEqualTo("running");
            assertThat(apis.netsuiteCalls()).isLessThan(1000);
        }
    }

    @Test
    void contractThatComesAgain_settlesItsDeadLetter() throws Exception {
        apis.netsuite()
                .stubFor(contract("C-2").willReturn(netsuiteError(404, "NONEXISTENT_ID", "There is no such record.")));
        run(feedOf(30));
        apis.netsuite().stubFor(contract("C-2").willReturn(record(0)));
        run(feedOf(31));

        assertThat(value("SELECT status FROM dead_letter")).isEqualTo("replayed");
    }

    @Test
    void discardedDeadLetter_saysWhyAndIsNotReplayed() throws Exception {
        apis.netsuite()
                .stubFor(contract("C-2").willReturn(netsuiteError(404, "NONEXISTENT_ID", "There is no such record.")));
        run(feedOf(30));

        ProducerTemplate routes = template;
        assertThat(Routes.ask(
                        routes,
                        "direct:discard-dead-letters",
                        new DeadLetterFilter(1L, null, null, null, "sold"),
                        null,
                        Long.class))
                .isEqualTo(1L);

        assertThat(query("SELECT status, because FROM dead_letter"))
                .singleElement()
                .satisfies(letter ->
                        assertThat(letter).containsEntry("status", "discarded").containsEntry("because", "sold"));
        assertThat((List<?>) Routes.ask(
                        routes,
                        "direct:find-replays",
                        new DeadLetterFilter(null, null, null, null, null),
                        null,
                        List.class))
                .isEmpty();
    }

    @Test
    void ledgerOfLongAgoIsPurgedAndTheRunStays() throws Exception {
        run(feedOf(30));
        execute("UPDATE run SET finished_at = now() - interval '91 days'");
        run(feedOf(31));

        assertThat(query("SELECT DISTINCT run_id FROM run_contract"))
                .extracting(row -> row.get("run_id"))
                .containsExactly(2L);
        assertThat(value("SELECT count(*) FROM run")).isEqualTo(2L);
        assertThat(value("SELECT count(*) FROM feed_row"))
                .as("the work list of complete runs")
                .isEqualTo(0L);
    }

    @Test
    void reportSaysWhatTheRunTableSays() throws Exception {
        apis.netsuite()
                .stubFor(contract("C-2").willReturn(netsuiteError(404, "NONEXISTENT_ID", "There is no such record.")));
        run(feedOf(30));

        assertThat(query("SELECT api, calls FROM run_api ORDER BY api"))
                .extracting(Map::values)
                .map(List::copyOf)
                .containsExactly(List.of("netsuite", (long) apis.netsuiteCalls()), List.of("usage", 29L));
        // One more where C-2 is the last one, to compare its refusal with a record that is known.
        assertThat(apis.netsuiteCalls()).isBetween(30, 31);
    }

    private Map<?, ?> replay(DeadLetterFilter filter) {
        try {
            List<?> months = Routes.ask(template, "direct:find-replays", filter, null, List.class);
            return (Map<?, ?>) Routes.ask(template, "direct:replay", filter, months, List.class)
                    .get(0);
        } catch (Exception e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }
}
