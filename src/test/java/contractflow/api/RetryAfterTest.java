package contractflow.api;

import static org.assertj.core.api.Assertions.assertThat;

import contractflow.failure.api.Refusal;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How long to wait where the API says so, and where it does not. */
class RetryAfterTest {

    private static final Instant NOW = Instant.parse("2026-11-23T02:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "5|PT5S",
                " 30 |PT30S",
                "0|PT0S",
                "-5|PT0S",
                "1.5|PT1.5S",
                "Mon, 23 Nov 2026 02:01:30 GMT|PT1M30S",
                "Mon, 23 Nov 2026 01:00:00 GMT|PT0S"
            })
    void secondsOrDateIsADurationThatIsNotNegative(String header, Duration wait) {
        assertThat(Refusal.retryAfter(header, NOW)).isEqualTo(wait);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "soon",
                "5s",
                "1e999999999",
                "99999999999999999999999",
                "Tue, 99 Foo 2026",
                "NaN",
                "2026-11-23T02:00:00Z"
            })
    void whatIsNeitherIsNothing(String header) {
        assertThat(Refusal.retryAfter(header, NOW)).isNull();
    }

    @RepeatedTest(20)
    void backoffIsAnythingUpToABoundThatDoubles() {
        for (int tries = 1; tries < 40; tries++) {
            Duration wait = Backoff.fullJitter(Duration.ofMillis(500), tries, Duration.ofSeconds(8));
            assertThat(wait).isBetween(Duration.ZERO, Duration.ofMillis((long)
                    Math.min(8000, 500 * Math.pow(2, tries - 1))));
        }
    }

    @Test
    void backoffIsNotTheSameForEverybody() {
        assertThat(java.util.stream.Stream.generate(
                                () -> Backoff.fullJitter(Duration.ofMillis(500), 4, Duration.ofSeconds(8)))
                        .limit(50)
                        .distinct()
                        .count())
                .isGreaterThan(30);
    }
}
