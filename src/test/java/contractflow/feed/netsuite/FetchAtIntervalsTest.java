package contractflow.feed.netsuite;

import static contractflow.support.FakeApis.anyContract;
import static contractflow.support.FakeApis.listed;
import static contractflow.support.FakeApis.netsuiteError;
import static contractflow.support.FakeApis.page;
import static contractflow.support.FakeApis.pageAfter;
import static contractflow.support.FakeApis.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import contractflow.support.CapturedLog;
import contractflow.support.ContractFlowTest;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A feed is fetched when it is time, and goes the way of every feed; never two at a time. */
class FetchAtIntervalsTest extends ContractFlowTest {

    private final CapturedLog log = CapturedLog.listen();

    @AfterEach
    void stopListening() {
        log.close();
    }

    @Override
    protected boolean watches() {
        return true;
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("schedule.every", "300ms");
    }

    @Test
    void feedThatIsFetchedIsLoadedToTheEnd() throws Exception {
        apis.netsuite().stubFor(pageAfter(0).willReturn(page(true, listed(1))));
        apis.netsuite().stubFor(pageAfter(1).willReturn(page(false, listed(2))));

        await().until(() -> !query("SELECT FROM run WHERE status = 'complete'").isEmpty());

        assertThat(
                        query(
                                "SELECT feed LIKE 'netsuite-contracts-%.ndjson' AS named, rows, loaded FROM run WHERE run_id = 1"))
                .containsExactly(Map.of("named", true, "rows", 2L, "loaded", 2L));
    }

    @Test
    void timeThatComesWhileAFeedIsInWorkIsSkippedWithALine() throws Exception {
        // For a while the feed is taken, and has no run yet.
        execute(
                "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(1.5); RETURN NEW; END $$");
        execute("CREATE TRIGGER wait BEFORE INSERT ON run FOR EACH ROW EXECUTE FUNCTION wait()");
        apis.netsuite().stubFor(anyContract().willReturn(record(2500)));
        apis.netsuite().stubFor(pageAfter(0).willReturn(page(false, listed(1))));

        await().until(() -> !query("SELECT FROM run WHERE status = 'complete'").isEmpty());

        // Between the first fetch and the end of its run there was no other.
        assertThat(query("SELECT FROM fetched_feed WHERE fetched_at < (SELECT finished_at FROM run WHERE run_id = 1)"))
                .hasSize(1);
        assertThat(log.lines())
                .contains("WARN It is time to fetch a feed, but the last one has still to be run: this time is skipped")
                .contains("WARN It is time to fetch a feed, but run 1 is still going on: this time is skipped");
    }

    @Test
    void fetchThatFails_isLoggedAndTheNextOneIsMade() throws Exception {
        apis.netsuite()
                .stubFor(pageAfter(0)
                        .inScenario("first")
                        .whenScenarioStateIs("Started")
                        .willSetStateTo("then")
                        .willReturn(netsuiteError(400, "INVALID_PARAMETER", "Field region not found.")));
        apis.netsuite()
                .stubFor(pageAfter(0)
                        .inScenario("first")
                        .whenScenarioStateIs("then")
                        .willReturn(page(false, listed(1))));

        await().until(() -> !query("SELECT FROM run WHERE status = 'complete'").isEmpty());

        assertThat(log.lines())
                .anyMatch(line -> line.startsWith("ERROR No feed was fetched: NetSuite does not answer what sql/")
                        && line.contains("400 INVALID_PARAMETER: Field region not found."));
    }
}
