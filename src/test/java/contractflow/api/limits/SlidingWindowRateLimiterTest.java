package contractflow.api.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Permits come evenly, also after a pause: no second sees more of them than it may, and hardly one is wasted. */
class SlidingWindowRateLimiterTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long MILLISECOND = TimeUnit.MILLISECONDS.toNanos(1);

    /** A clock that goes on only while a caller waits, and then a little too far. */
    private static final class LateClock implements SlidingWindowRateLimiter.Clock {

        private final Random random = new Random(42);
        private final long latest;
        private final long hiccup;
        private long lastHiccup;
        private long now = Long.MAX_VALUE - 3 * SECOND;

        /**
         * @param latest how late a thread wakes up at worst, in ns
         * @param hiccup how late it wakes up once a second, in ns
         */
        LateClock(long latest, long hiccup) {
            this.latest = latest;
            this.hiccup = hiccup;
            lastHiccup = now;
        }

        @Override
        public long nanos() {
            return now;
        }

        @Override
        public void pause(long nanos) {
            now += nanos + (latest == 0 ? 0 : random.nextLong(latest));
            if (now - lastHiccup > SECOND) {
                now += hiccup;
                lastHiccup = now;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.5, 1, 2.5, 7, 100, 1000})
    void noSecond_hasMoreCallsThanTheRateAndHardlyFewer(double rate) throws Exception {
        LateClock clock = new LateClock(MILLISECOND / 2, 0);
        SlidingWindowRateLimiter limiter = new SlidingWindowRateLimiter(rate, clock);
        long window = (long) Math.max((double) SECOND, SECOND / rate);

        List<Long> turns = turns(limiter, clock, (int) Math.max(20, 10 * rate));

        assertThat(mostWithin(turns, window)).isLessThanOrEqualTo((int) Math.ceil(rate));
        double perSecond = (turns.size() - 1) * (double) SECOND / (turns.get(turns.size() - 1) - turns.get(0));
        assertThat(perSecond).isBetween(0.98 * rate, rate);
    }

    @Test
    void noSecondSeesMoreThanTheRateAfterAPauseOfTheJvm() throws Exception {
        LateClock clock = new LateClock(0, 300 * MILLISECOND);
        SlidingWindowRateLimiter limiter = new SlidingWindowRateLimiter(100, clock);

        List<Long> turns = turns(limiter, clock, 1000);

        assertThat(mostWithin(turns, SECOND)).isLessThanOrEqualTo(100);
        assertThat(shortestGap(turns)).as("ns between two turns").isGreaterThan(4 * MILLISECOND);
    }

    @Test
    void callsAfterAQuietTime_findNoPermitsSavedUp() throws Exception {
        LateClock clock = new LateClock(0, 0);
        SlidingWindowRateLimiter limiter = new SlidingWindowRateLimiter(100, clock);
        turns(limiter, clock, 10);
        clock.now += 3600 * SECOND;

        assertThat(shortestGap(turns(limiter, clock, 200)))
                .as("ns between two turns")
                .isGreaterThan(10 * MILLISECOND);
    }

    @Test
    void whoIsHeldUpIsMadeUpForWithinTheRate() throws Exception {
        LateClock clock = new LateClock(0, 8 * MILLISECOND);
        SlidingWindowRateLimiter limiter = new SlidingWindowRateLimiter(100, clock);

        List<Long> turns = turns(limiter, clock, 6000);

        double perSecond = (turns.size() - 1) * (double) SECOND / (turns.get(turns.size() - 1) - turns.get(0));
        assertThat(perSecond).isBetween(98.0, 100.0);
        assertThat(mostWithin(turns, SECOND)).isLessThanOrEqualTo(100);
    }

    @Test
    void lowerRateHoldsFromTheNextPermitOnAndTheFormerOneAfterIt() throws Exception {
        LateClock clock = new LateClock(0, 0);
        SlidingWindowRateLimiter limiter = new SlidingWindowRateLimiter(100, clock);
        turns(limiter, clock, 200);

        limiter.setRate(12.5);
        List<Long> slow = turns(limiter, clock, 100);
        assertThat(mostWithin(slow, SECOND)).isLessThanOrEqualTo(13);
        assertThat((slow.size() - 1) * (double) SECOND / (slow.get(slow.size() - 1) - slow.get(0)))
                .isBetween(12.2, 12.5);

        limiter.setRate(100);
        turns(limiter, clock, 1);
        List<Long> fast = turns(limiter, clock, 500);
        assertThat(mostWithin(fast, SECOND)).isBetween(98, 100);
    }

    private static List<Long> turns(SlidingWindowRateLimiter limiter, LateClock clock, int turns)
            throws InterruptedException {
        List<Long> taken = new ArrayList<>();
        for (int i = 0; i < turns; i++) {
            limiter.acquire();
            taken.add(clock.now);
        }
        return taken;
    }

    private static int mostWithin(List<Long> turns, long window) {
        int most = 0;
        for (int first = 0, next = 0; first < turns.size(); first++) {
            while (next < turns.size() && turns.get(next) - turns.get(first) < window) {
                next++;
            }
            most = Math.max(most, next - first);
        }
        return most;
    }

    private static long shortestGap(List<Long> turns) {
        long shortest = Long.MAX_VALUE;
        for (int i = 1; i < turns.size(); i++) {
            shortest = Math.min(shortest, turns.get(i) - turns.get(i - 1));
        }
        return shortest;
    }
}
