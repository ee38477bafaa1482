package contractflow.api.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** An API that answers for one record and not for two is asked for two again, ever more seldom. */
class LookupStandingTest {

    private long now;
    private final LookupStanding standing = new LookupStanding(() -> now);

    @Test
    void lookups_areSuspendedForTwiceAsLongEachTime() {
        assertThat(standing.getMost()).isGreaterThan(1);
        assertThat(IntStream.range(0, 7).mapToObj(i -> suspendToTheEnd()).map(Duration::toSeconds))
                .containsExactly(30L, 60L, 120L, 240L, 480L, 600L, 600L);
    }

    private Duration suspendToTheEnd() {
        Duration suspension = standing.suspend();
        assertThat(standing.suspend()).as("suspended already").isZero();
        now += suspension.toNanos() - 1;
        assertThat(standing.isSuspended()).isTrue();
        assertThat(standing.getMost()).isOne();
        now++;
        assertThat(standing.isSuspended()).isFalse();
        return suspension;
    }

    @Test
    void lookupThatIsAnswered_endsIt() {
        standing.reduceTo(50);
        standing.suspend();

        assertThat(standing.answered()).isTrue();

        assertThat(standing.getMost()).isEqualTo(50);
        assertThat(standing.answered()).as("again").isFalse();
        assertThat(standing.suspend()).isEqualTo(Duration.ofSeconds(30));
    }
}
