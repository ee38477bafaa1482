package contractflow.config.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import contractflow.support.ContractFlowTest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A run takes on no more contracts when its deadline has come. */
class DeadlineTest extends ContractFlowTest {

    private static final ZonedDateTime EVENING = ZonedDateTime.parse("2026-11-23T22:00:00+01:00[Europe/Paris]");

    @Override
    protected Map<String, String> settings() {
        return Map.of("run.deadline", "2026-01-01T06:00:00Z");
    }

    @Test
    void timeOfDayIsItsNextMoment() {
        assertThat(Deadline.next("06:00", EVENING)).isEqualTo(Instant.parse("2026-11-24T05:00:00Z"));
        assertThat(Deadline.next("23:30", EVENING)).isEqualTo(Instant.parse("2026-11-23T22:30:00Z"));
        assertThat(Deadline.next("2026-11-24T06:00:00Z", EVENING)).isEqualTo(Instant.parse("2026-11-24T06:00:00Z"));
        assertThat(Deadline.next(" ", EVENING)).isNull();
    }

    @Test
    void timeOfDayMayNameItsZone() {
        assertThat(Deadline.next("06:00 America/Toronto", EVENING)).isEqualTo(Instant.parse("2026-11-24T11:00:00Z"));
        assertThat(Deadline.next("06:00 Asia/Tokyo", EVENING)).isEqualTo(Instant.parse("2026-11-24T21:00:00Z"));
        assertThatThrownBy(() -> Deadline.next("06:00 Europe/Nowhere", EVENING)).isInstanceOf(DateTimeException.class);
    }

    @Test
    void timeThatTheClockLeavesOutIsTheMomentOfTheChangeAndOneThatItShowsTwiceTheNextOfThem() {
        ZonedDateTime spring = ZonedDateTime.parse("2027-03-28T01:00:00+01:00[Europe/Paris]");
        assertThat(Deadline.next("02:30", spring)).isEqualTo(Instant.parse("2027-03-28T01:00:00Z"));
        assertThat(Deadline.next("02:30", spring.plusHours(1))).isEqualTo(Instant.parse("2027-03-29T00:30:00Z"));

        ZonedDateTime autumn = ZonedDateTime.parse("2027-10-31T02:10:00+02:00[Europe/Paris]");
        assertThat(Deadline.next("02:30", autumn)).isEqualTo(Instant.parse("2027-10-31T00:30:00Z"));
        assertThat(Deadline.next("02:30", autumn.plusHours(1))).isEqualTo(Instant.parse("2027-10-31T01:30:00Z"));
    }

    @Test
    void runAfterItsDeadlineLeavesEverythingPending() throws Exception {
        assertThat(run(feedOf(3)))
                .containsEntry("status", "incomplete")
                .containsEntry("pending", 3L)
                .containsEntry("reason", "the deadline of 2026-01-01T06:00:00Z has come");
        assertThat(apis.netsuiteCalls()).isZero();
    }
}
