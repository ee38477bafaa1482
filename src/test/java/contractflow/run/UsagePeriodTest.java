package contractflow.run;

import static contractflow.support.FakeApis.anyContract;
import static contractflow.support.FakeApis.contract;
import static contractflow.support.FakeApis.customer;
import static contractflow.support.FakeApis.netsuiteError;
import static contractflow.support.FakeApis.record;
import static contractflow.support.FakeApis.usageProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import contractflow.contract.DeadLetterFilter;
import contractflow.contract.Json;
import contractflow.feed.Feed;
import contractflow.process.Routes;
import contractflow.report.ReportPage;
import contractflow.support.CapturedLog;
import contractflow.support.ContractFlowTest;
import contractflow.support.FakeApis;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A run is of one series, one content and one month, and says what it has not written since the table has a later month. */
class UsagePeriodTest extends ContractFlowTest {

    private static final String LIST = "contract_id,customer_id\nC-1,K-1\nC-2,K-2\nC-3,K-3\n";

    private final CapturedLog log = CapturedLog.listen();

    @AfterEach
    void stopListening() {
        log.close();
    }

    @Test
    void sameListForAnotherMonthIsANewRunAndTheOldOneIsResumedForItsOwnMonthOnly() throws Exception {
        setPeriod("2026-09");
        long loaded = leaveIncomplete(feed("contracts-20261123.csv", LIST));
        setPeriod("2026-10");

        assertThat(run(feed("contracts-20261124.csv", LIST)))
                .containsEntry("run_id", 2L)
                .containsEntry("usage_period", "2026-10")
                .containsEntry("status", "complete")
                .containsEntry("loaded", 3L);
        assertThat(query("SELECT DISTINCT usage_period FROM contract_enriched"))
                .containsExactly(Map.of("usage_period", "2026-10"));
        assertThat(log.lines())
                .contains("WARN contracts-20261124.csv is run with the usage of 2026-10, so run 1 with the usage of"
                        + " 2026-09 stays incomplete; only a start with that usage.period resumes it");
        assertThat(report(1L, "text")).contains("INCOMPLETE").contains("; superseded by run 2\n");
        assertThat(list()).anyMatch(line -> line.startsWith("1 ") && line.endsWith("; superseded by run 2"));
        assertThat(new ReportPage().of(report(1L, "json"))).contains("Superseded by run 2.");

        Object success = lastSuccess();
        int calls = apis.netsuiteCalls();
        setPeriod("2026-09");
        run(feed("contracts-20261125.csv", LIST));

        assertThat(
                        query(
                                "SELECT status, usage_period, loaded, unchanged, outdated, pending, superseded_by FROM run WHERE run_id = 1"))
                .singleElement()
                .satisfies(run -> assertThat(run)
                        .containsEntry("status", "complete")
                        .containsEntry("loaded", loaded)
                        .containsEntry("unchanged", 3 - loaded)
                        .containsEntry("outdated", 3 - loaded)
                        .containsEntry("pending", 0L)
                        .containsEntry("superseded_by", null));
        assertThat(apis.netsuiteCalls())
                .as("what cannot be written is not asked for")
                .isEqualTo(calls);
        assertThat(lastSuccess())
                .as("a run for a month that the table is past is no success")
                .isEqualTo(success);
    }

    @Test
    void listOfAnOlderMonthIsNotCalledUnchangedInSilence() throws Exception {
        run(feed("contracts.csv", LIST));
        setPeriod("2026-09");
        int calls = apis.netsuiteCalls();

        Map<String, Object> run = run(feed("contracts.csv", LIST + "C-4,K-4\nC-4,K-4\n,K-5\n"));

        assertThat(run)
                .containsEntry("status", "complete")
                .containsEntry("rows", 6L)
                .containsEntry("loaded", 1L)
                .containsEntry("unchanged", 3L)
                .containsEntry("outdated", 3L)
                .containsEntry("duplicate", 1L)
                .containsEntry("dead", 1L)
                .containsEntry("pending", 0L);
        assertThat(apis.netsuiteCalls()).isEqualTo(calls + 1);
        assertThat(query("SELECT usage_period, count(*) FROM contract_enriched GROUP BY 1 ORDER BY 1"))
                .containsExactly(
                        Map.of("usage_period", "2026-09", "count", 1L), Map.of("usage_period", "2026-10", "count", 3L));
        assertThat(log.lines())
                .containsOnlyOnce(
                        "WARN run 2 is for 2026-09, but the table has usage of 2026-10 for 3 of its contracts:"
                                + " they are left as they are, and no API is asked");
        String left = "3 of the unchanged were left as they are: the table has usage of a later month than 2026-09";
        assertThat(report(2L, "text")).contains("  " + left);
        JsonNode json = Json.exact().readTree(report(2L, "json"));
        assertThat(json.at("/run/outdated").asLong()).isEqualTo(3);
        assertThat(Files.readString(reports.resolve("2.html"))).contains(left);
        assertThat(list())
                .anyMatch(line -> line.startsWith("2 ")
                        && line.endsWith("3 unchanged since the table has a later month than 2026-09"));

        setPeriod("2026-10");
        assertThat(run(feed("contracts.csv", LIST + "C-4,K-4\n")))
                .containsEntry("unchanged", 3L)
                .containsEntry("outdated", 0L);
        assertThat(report(3L, "text")).doesNotContain("later month");
    }

    @Test
    void laterMonthThatComesInMidRunIsSaidAtTheEnd() throws Exception {
        setPeriod("2026-09");
        run(feed("contracts.csv", LIST));
        apis.netsuite().stubFor(contract("C-2").willReturn(record(1500)));
        CompletableFuture<Map<String, Object>> running = runInBackground(feed("contracts.csv", LIST));
        await().until(() -> apis.netsuiteCalls("C-2") == 2);
        execute("UPDATE contract_enriched SET usage_period = '2026-10' WHERE contract_id = 'C-2'");

        assertThat(running.get()).containsEntry("unchanged", 3L).containsEntry("outdated", 1L);
        assertThat(value("SELECT later_period FROM run_contract WHERE run_id = 2 AND contract_id = 'C-2'"))
                .isEqualTo("2026-10");
        assertThat(log.lines())
                .contains(
                        "WARN run 2 has left 1 contracts as they are: the table has usage of a later month than 2026-09");
    }

    @Test
    void sameListInAnotherSeriesIsARunOfItsOwn() throws Exception {
        leaveIncomplete(feed("contracts-eu.csv", LIST));

        assertThat(run(feed("contracts-us.csv", LIST)))
                .containsEntry("run_id", 2L)
                .containsEntry("status", "complete");
        assertThat(query("SELECT status, superseded_by FROM run WHERE run_id = 1"))
                .singleElement()
                .satisfies(run ->
                        assertThat(run).containsEntry("status", "incomplete").containsEntry("superseded_by", null));

        run(feed("contracts-eu.csv", LIST));
        assertThat(query("SELECT feed, status, unchanged + loaded AS rows FROM run ORDER BY run_id"))
                .containsExactly(
                        Map.of("feed", "contracts-eu.csv", "status", "complete", "rows", 3L),
                        Map.of("feed", "contracts-us.csv", "status", "complete", "rows", 3L));
    }

    @Test
    void runOfAnotherMonthWhoseProcessWasKilledIsClosedAndOneOfAnotherContentIsNot() throws Exception {
        Path feed = feed("contracts.csv", LIST);
        execute(
                "INSERT INTO run (feed, feed_sha256, usage_period, status) VALUES ('contracts.csv', '%s', '2026-09', 'running'),"
                                .formatted(Feed.of(feed.toFile()).sha256())
                        + " ('contracts.csv', 'another content', '2026-10', 'running')");

        assertThat(run(feed)).containsEntry("run_id", 3L).containsEntry("status", "complete");

        assertThat(query("SELECT status, reason, superseded_by FROM run ORDER BY run_id LIMIT 2"))
                .satisfiesExactly(
                        killed -> assertThat(killed)
                                .containsEntry("status", "incomplete")
                                .containsEntry("reason", "its process ended")
                                .containsEntry("superseded_by", 3L),
                        other -> assertThat(other)
                                .containsEntry("status", "running")
                                .containsEntry("superseded_by", 3L));
        assertThat(log.lines())
                .contains(
                        "WARN The content of contracts.csv has changed: run 2 of its earlier content stays incomplete");
    }

    @Test
    void nightThatGoesPastTheEndOfAMonthIsOneNight() throws Exception {
        setPeriod("");
        Path feed = feed("contracts.csv", LIST);
        setClock("2026-10-31T23:50:00Z");
        leaveIncomplete(feed);
        assertThat(value("SELECT usage_period FROM run")).isEqualTo("2026-09");
        execute("UPDATE run SET started_at = '2026-10-31T23:50:00Z'");

        setClock("2026-11-01T00:10:00Z");
        assertThat(run(feed))
                .containsEntry("run_id", 1L)
                .containsEntry("usage_period", "2026-09")
                .containsEntry("status", "complete");

        execute("UPDATE run SET status = 'incomplete'");
        setClock("2026-11-01T23:00:00Z");
        assertThat(run(feed)).as("the next night").containsEntry("run_id", 2L).containsEntry("usage_period", "2026-10");

        setPeriod("2026-11");
        execute("UPDATE run SET status = 'incomplete', started_at = '2026-11-01T22:50:00Z'");
        assertThat(run(feed))
                .as("a month that is set")
                .containsEntry("run_id", 3L)
                .containsEntry("usage_period", "2026-11");

        setPeriod("");
        execute("UPDATE run SET status = 'incomplete', started_at = '2026-11-01T22:50:00Z'");
        execute("DELETE FROM run_contract");
        execute("UPDATE run SET usage_period = '2026-08'");
        setClock("2026-11-01T23:10:00Z");
        assertThat(run(feed))
                .as("a month that was set")
                .containsEntry("run_id", 4L)
                .containsEntry("usage_period", "2026-10");
    }

    @Test
    void replayOfAnOlderMonth_callsNoApiAndSaysSo() throws Exception {
        setPeriod("2026-09");
        apis.usage().stubFor(customer("K-2").willReturn(usageProblem(404, "customer not found")));
        run(feed("contracts.csv", LIST));
        apis.usage().stubFor(customer("K-2").willReturn(FakeApis.report(0)));
        setPeriod("2026-10");
        run(feed("contracts.csv", LIST));
        execute("UPDATE dead_letter SET status = 'open', resolved_at = NULL");
        int calls = apis.netsuiteCalls() + apis.usageCalls();

        DeadLetterFilter filter = new DeadLetterFilter(null, null, null, null, null);
        List<?> months = Routes.ask(template, "direct:find-replays", filter, null, List.class);
        Map<?, ?> replay = (Map<?, ?>) Routes.ask(template, "direct:replay", filter, months, List.class)
                .get(0);

        assertThat(replay.get("status")).isEqualTo("complete");
        assertThat(replay.get("unchanged")).isEqualTo(1L);
        assertThat(replay.get("outdated")).isEqualTo(1L);
        assertThat(apis.netsuiteCalls() + apis.usageCalls()).isEqualTo(calls);
        assertThat(value("SELECT usage_period FROM contract_enriched WHERE contract_id = 'C-2'"))
                .isEqualTo("2026-10");
        assertThat(query("SELECT status, because FROM dead_letter"))
                .containsExactly(Map.of("status", "replayed", "because", "the table has usage of 2026-10"));
        assertThat(log.lines())
                .contains("WARN run 3 is for 2026-09, but the table has usage of 2026-10 for 1 of its contracts:"
                        + " they are left as they are, and no API is asked");
    }

    @Test
    void letterOfALaterMonthIsNotSettledByAnOlderOne() throws Exception {
        run(feed("contracts.csv", LIST));
        execute(
                "INSERT INTO dead_letter (run_id, contract_id, customer_id, line_number, row, stage, reason, error, attempts)"
                        + " VALUES (1, 'C-1', 'K-1', 2, '{}', 'usage', 'exhausted', 'no', 4)");
        setPeriod("2026-09");
        run(feed("contracts.csv", LIST));

        assertThat(value("SELECT status FROM dead_letter")).isEqualTo("open");
    }

    /**
     * Stops the run of the feed, for which the credentials are refused; afterwards they are accepted.
     *
     * @return contracts that are loaded
     */
    private long leaveIncomplete(Path feed) throws Exception {
        apis.netsuite()
                .stubFor(anyContract().willReturn(netsuiteError(401, "INVALID_LOGIN", "Invalid login attempt.")));
        Map<String, Object> run = run(feed);
        assertThat(run).containsEntry("status", "incomplete");
        apis.netsuite().stubFor(anyContract().willReturn(record(0)));
        return (Long) run.get("loaded");
    }

    private void setPeriod(String period) {
        runs().setUsagePeriod(period);
    }

    private void setClock(String now) {
        runs().setClock(Clock.fixed(Instant.parse(now), ZoneOffset.UTC));
    }

    private Runs runs() {
        return context.getRegistry().lookupByNameAndType("runs", Runs.class);
    }

    private Object lastSuccess() throws Exception {
        return Routes.ask(template, "sql:file:sql/service/last-runs.sql?outputType=SelectOne", null, null, Map.class)
                .get("last_success");
    }

    private String report(Long run, String form) throws Exception {
        return Routes.ask(
                template, "direct:show-report", new DeadLetterFilter(run, null, null, null, null), form, String.class);
    }

    private List<String> list() throws Exception {
        List<?> rows = Routes.ask(template, "direct:list-runs", null, Map.of(), List.class);
        return rows.stream()
                .map(row -> ((Map<?, ?>) row).get("run") + " " + ((Map<?, ?>) row).get("reason"))
                .toList();
    }
}
