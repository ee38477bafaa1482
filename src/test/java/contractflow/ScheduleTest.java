package contractflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Date;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether a time of the schedule has gone by without a fetch. */
class ScheduleTest {

    @ParameterizedTest
    @CsvSource({
        "UTC, 2026-11-23T02:00:00Z, 2026-11-24T01:59:59Z,",
        "UTC, 2026-11-23T02:00:00Z, 2026-11-24T02:00:00Z, 2026-11-24T02:00:00Z",
        "UTC, 2026-11-23T02:00:00Z, 2026-11-26T12:00:00Z, 2026-11-24T02:00:00Z",
        "UTC, 2026-11-23T01:59:00Z, 2026-11-23T12:00:00Z, 2026-11-23T02:00:00Z",
        "UTC, 2026-11-23T03:00:00Z, 2026-11-23T12:00:00Z,",
        "Europe/Berlin, 2026-11-23T01:00:00Z, 2026-11-24T01:00:00Z, 2026-11-24T01:00:00Z",
        "Europe/Berlin, 2026-06-23T00:00:00Z, 2026-06-24T00:00:00Z, 2026-06-24T00:00:00Z",
    })
    void timeThatHasGoneBySinceTheLastFetchIsMissed(String zone, Instant last, Instant start, Instant missed) throws Exception {
        assertThat(schedule(zone, start).missed(Date.from(last))).isEqualTo(missed);
    }

    @Test
    void nobodyCanTellWhereNothingWasEverFetched() throws Exception {
        assertThat(schedule("UTC", Instant.now()).missed(null)).isNull();
    }

    @Test
    void nextTimeIsOneOfTheZone() throws Exception {
        assertThat(Schedule.nextAfter("0 0 2 * * ?", "America/New_York", Instant.parse("2026-11-24T12:00:00Z")))
                .isEqualTo("2026-11-25T07:00:00Z");
    }

    private static Schedule schedule(String zone, Instant startedAt) {
        Schedule schedule = new Schedule();
        schedule.setCron("0 0 2 * * ?");
        schedule.setTimeZone(zone);
        schedule.setStartedAt(startedAt);
        return schedule;
    }
}
