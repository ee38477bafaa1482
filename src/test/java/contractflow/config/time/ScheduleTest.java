package contractflow.config.time;

import static org.assertj.core.api.Assertions.assertThat;

import contractflow.support.TurnableClock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a feed is fetched, and whether a time of the schedule has gone by without a fetch. */
class ScheduleTest {

    private static final String AT_TWO = "0 0 2 * * ?";

    private final TurnableClock clock = new TurnableClock();

    @ParameterizedTest
    @CsvSource({
        "UTC, 2026-11-23T02:00:00Z, 2026-11-24T01:59:59Z,",
        "UTC, 2026-11-23T02:00:00Z, 2026-11-24T02:00:00Z, 2026-11-24T02:00:00Z",
        "UTC, 2026-11-23T02:00:00Z, 2026-11-26T12:00:00Z, 2026-11-24T02:00:00Z",
        "UTC, 2026-11-23T01:59:00Z, 2026-11-23T12:00:00Z, 2026-11-23T02:00:00Z",
        "UTC, 2026-11-23T03:00:00Z, 2026-11-23T12:00:00Z,",
        "Europe/Berlin, 2026-11-23T01:00:00Z, 2026-11-24T01:00:00Z, 2026-11-24T01:00:00Z",
        "Europe/Berlin, 2026-06-23T00:00:00Z, 2026-06-24T00:00:00Z, 2026-06-24T00:00:00Z",
        // The night that has no two o'clock.
        "Europe/Berlin, 2027-03-27T01:00:00Z, 2027-03-28T00:59:59Z,",
        "Europe/Berlin, 2027-03-27T01:00:00Z, 2027-03-28T12:00:00Z, 2027-03-28T01:00:00Z",
        "Europe/Berlin, 2027-03-28T01:00:00Z, 2027-03-28T12:00:00Z,",
        // The night that has two of them.
        "Europe/Berlin, 2027-10-31T00:00:00Z, 2027-10-31T12:00:00Z,",
    })
    void timeThatHasGoneBySinceTheLastFetchIsMissed(String zone, Instant last, Instant start, Instant missed) {
        assertThat(schedule(AT_TWO, zone, start).missed(Date.from(last))).isEqualTo(missed);
    }

    @Test
    void nobodyCanTellWhereNothingWasEverFetched() {
        assertThat(schedule(AT_TWO, "UTC", Instant.now()).missed(null)).isNull();
    }

    @Test
    void nextTimeIsOneOfTheZone() {
        assertThat(schedule(AT_TWO, "America/New_York", Instant.parse("2026-11-24T12:00:00Z"))
                        .next())
                .isEqualTo("2026-11-25T07:00:00Z");
    }

    /** All times from one midnight of UTC to another, on a clock that goes on by five minutes. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // Two o'clock is three o'clock, once.
                "0 0 2 * * ?          | Europe/Berlin       | 2027-03-27 | 2027-03-30 | 27T01:00 28T01:00 29T00:00",
                "0 30 2 * * ?         | Europe/Berlin       | 2027-03-28 | 2027-03-29 | 28T01:00",
                "0 */15 2 * * ?       | Europe/Berlin       | 2027-03-28 | 2027-03-29 | 28T01:00",
                "0 0,30 1-3 * * ?     | Europe/Berlin       | 2027-03-28 | 2027-03-28T12:00 | 28T00:00 28T00:30 28T01:00 28T01:30",
                "0 0 */2 * * ?        | Europe/Berlin       | 2027-03-28 | 2027-03-28T06:00 | 28T01:00 28T02:00 28T04:00",
                "0 0 2 28 3 ? 2027    | Europe/Berlin       | 2026-11-26 | 2028-01-01 | 28T01:00",
                "0 0 2 ? 3 SUNL 2027  | Europe/Berlin       | 2027-03-27 | 2027-03-30 | 28T01:00",
                // What is shown twice is once.
                "0 30 2 * * ?         | Europe/Berlin       | 2027-10-30 | 2027-11-02 | 30T00:30 31T00:30 01T01:30",
                "0 0/30 2 * * ?       | Europe/Berlin       | 2027-10-31 | 2027-11-01 | 31T00:00 31T00:30",
                // Half an hour, and the day itself.
                "0 15 2 * * ?         | Australia/Lord_Howe | 2027-10-01 | 2027-10-04 | 01T15:45 02T15:30 03T15:15",
                "0 45 1 * * ?         | Australia/Lord_Howe | 2027-04-02 | 2027-04-05 | 02T14:45 03T14:45 04T15:15",
                "0 0 0 * * ?          | America/Santiago    | 2027-09-04 | 2027-09-07 | 04T04:00 05T04:00 06T03:00",
                "0 30 23 * * ?        | America/Santiago    | 2027-04-03 | 2027-04-06 | 03T02:30 04T02:30 05T03:30",
                // No summer time.
                "0 0 2 * * ?          | Asia/Tokyo          | 2027-03-27 | 2027-03-30 | 27T17:00 28T17:00 29T17:00",
                "0 0 2 * * ?          | UTC                 | 2027-03-27 | 2027-03-30 | 27T02:00 28T02:00 29T02:00",
            })
    void feedIsFetchedOnceANight(String cron, String zone, String from, String to, String expected) {
        Instant end = instant(to);
        Schedule schedule = schedule(cron, zone, instant(from).minusSeconds(1));
        List<String> fetched = new ArrayList<>();
        clock.turn(Duration.ofSeconds(1));
        while (clock.instant().isBefore(end)) {
            if (schedule.isDue()) {
                fetched.add(clock.instant().toString().substring(8, 16));
            }
            clock.turn(Duration.ofMinutes(5));
        }

        assertThat(fetched).containsExactly(expected.split(" "));
    }

    @Test
    void timesThatGoByWhileTheMachineSleepsAreOne() {
        Schedule schedule = schedule(AT_TWO, "UTC", Instant.parse("2026-11-24T01:00:00Z"));
        clock.turn(Duration.ofDays(3));

        assertThat(schedule.isDue()).isTrue();
        assertThat(schedule.isDue()).isFalse();
        assertThat(schedule.next()).isEqualTo("2026-11-27T02:00:00Z");
    }

    @Test
    void onlyTimeThatTheClockLeavesOutIsATime() {
        Instant before = Instant.parse("2026-11-26T00:00:00Z");

        assertThat(Schedule.nextAfter("0 0 2 28 3 ? 2027", ZoneId.of("Europe/Berlin"), before))
                .isEqualTo("2027-03-28T01:00:00Z");
        assertThat(Schedule.nextAfter("0 0 2 30 2 ?", ZoneId.of("Europe/Berlin"), before))
                .isNull();
    }

    private static Instant instant(String text) {
        return Instant.parse(text + (text.contains("T") ? ":00Z" : "T00:00:00Z"));
    }

    private Schedule schedule(String cron, String zone, Instant startedAt) {
        clock.turn(Duration.between(clock.instant(), startedAt));
        Schedule schedule = new Schedule();
        schedule.setCron(cron);
        schedule.setTimeZone(zone);
        schedule.setClock(clock);
        return schedule;
    }
}
