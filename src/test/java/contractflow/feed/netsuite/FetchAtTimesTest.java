package contractflow.feed.netsuite;

import static contractflow.support.FakeApis.listed;
import static contractflow.support.FakeApis.netsuiteError;
import static contractflow.support.FakeApis.page;
import static contractflow.support.FakeApis.pageAfter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import contractflow.config.time.Schedule;
import contractflow.support.CapturedLog;
import contractflow.support.ContractFlowTest;
import contractflow.support.TurnableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Times in Quartz's syntax, with the characters that mean something in an address as well. */
class FetchAtTimesTest extends ContractFlowTest {

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
        return Map.of("schedule.cron", "0/1 * * ? * SUN-SAT 2026-2099", "schedule.time-zone", "Europe/Berlin");
    }

    @Test
    void feedIsFetchedAndLoadedToTheEnd() throws Exception {
        apis.netsuite().stubFor(pageAfter(0).willReturn(page(false, listed(1), listed(2))));

        await().until(() -> !query("SELECT FROM run WHERE status = 'complete'").isEmpty());

        assertThat(query("SELECT rows, loaded FROM run WHERE run_id = 1"))
                .containsExactly(Map.of("rows", 2L, "loaded", 2L));
    }

    @Test
    void timeThatComesWhileAFeedIsFetchedIsSkippedWithALine() {
        apis.netsuite().stubFor(pageAfter(0).willReturn(page(false, listed(1)).withFixedDelay(2500)));

        await().until(
                        () -> log.lines().stream()
                                .anyMatch(
                                        line -> line.matches(
                                                "WARN It is time to fetch a feed, but the fetch of \\S+ is still going on: this time is skipped")));
    }

    @Test
    void nightWithoutThatTimeHasItsFetchAsSoonAsSummerTimeBegins() {
        apis.netsuite().stubFor(pageAfter(0).willReturn(netsuiteError(400, "INVALID_PARAMETER", "Nothing to fetch.")));
        TurnableClock clock = new TurnableClock();
        clock.turn(Duration.between(clock.instant(), Instant.parse("2027-03-28T00:59:59Z")));
        Schedule schedule = context.getRegistry().lookupByNameAndType("schedule", Schedule.class);
        schedule.setCron("0 0 2 * * ?");
        schedule.setClock(clock);
        await().until(() -> context.getInflightRepository().size() == 0);
        int before = apis.pageCalls(0);

        clock.turn(Duration.ofSeconds(1));
        await().until(() -> apis.pageCalls(0) == before + 1);
        clock.turn(Duration.ofHours(23));
        await().until(() -> apis.pageCalls(0) == before + 2);
    }
}
