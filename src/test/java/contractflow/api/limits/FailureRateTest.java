package contractflow.api.limits;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The more often calls fail for good records, the more often a record has to fail until that is no chance. */
class FailureRateTest {

    private final FailureRate rate = new FailureRate();

    @Test
    void attemptsAreThoseOfTheSettingsWhereHardlyACallFails() {
        assertThat(rate.attempts(4)).isEqualTo(4);
        answered(100, 0);
        answered(1, 1);
        assertThat(rate.attempts(4)).isEqualTo(4);
    }

    @Test
    void attemptsGrowWithTheShareOfFailures() {
        answered(15, 0);
        answered(15, 1);
        assertThat(rate.attempts(4)).as("a third").isEqualTo(13);
        answered(30, 1);
        assertThat(rate.attempts(4)).as("half").isEqualTo(20);
        answered(30, 9);
        assertThat(rate.attempts(4)).as("nine of ten").isEqualTo(132);
        assertThat(rate.attempts(200)).isEqualTo(200);
    }

    @Test
    void whatIsLongAgoIsForgotten() {
        answered(30, 3);
        answered(30, 0);
        assertThat(rate.attempts(4)).isEqualTo(4);
    }

    @Test
    void probesCountAsWell() {
        for (int probe = 0; probe < 30; probe++) {
            rate.failedForKnown();
            rate.answered(0);
        }
        assertThat(rate.attempts(4)).isEqualTo(20);
    }

    private void answered(int records, int failures) {
        for (int i = 0; i < records; i++) {
            rate.answered(failures);
        }
    }
}
