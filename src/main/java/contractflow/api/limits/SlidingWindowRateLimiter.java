package contractflow.api.limits;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The rate of calls to one API, kept without bursts: permits come evenly, and one that comes late does not make the next ones come too
 * soon. A token bucket alone would release at once all threads that the same pause of the JVM has held up; an API that counts over
 * a sliding second refuses the calls that follow them.
 */
final class SlidingWindowRateLimiter {

    /** Permits are this much further apart than the rate says, since the API's clock sees some calls nearer to each other. */
    private static final double MARGIN = 0.015;

    /** How far behind its plan the limiter may catch up, at twice its rate. */
    private static final long CATCH_UP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** A rate that no API has; beyond it, the second is looked at in parts. */
    private static final int MOST_REMEMBERED = 10_000;

    /** What time it is, and how to wait; tests have their own. */
    interface Clock {

        /** As {@link System#nanoTime()}. */
        long nanos();

        /** Waits for about so long, or shorter. */
        void pause(long nanos) throws InterruptedException;

        Clock SYSTEM = new Clock() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public void pause(long nanos) throws InterruptedException {
                LockSupport.parkNanos(nanos);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
        };
    }

    private final Clock clock;
    private final ReentrantLock line = new ReentrantLock();

    /** When the last permits were given, in a ring. */
    private final long[] given;

    private volatile Rate rate;
    private int next;
    private long last;
    private long due;

    /**
     * A rate in whole nanoseconds.
     *
     * @param interval between two permits
     * @param most permits in a window
     */
    private record Rate(double perSecond, long interval, int most, long window) {

        static Rate of(double perSecond) {
            double nanosPerPermit = TimeUnit.SECONDS.toNanos(1) / perSecond;
            int most = (int) Math.min(MOST_REMEMBERED, Math.max(1, perSecond));
            return new Rate(perSecond, (long) (nanosPerPermit * (1 + MARGIN)), most, (long)
                    (nanosPerPermit * most * (1 + MARGIN / 2)));
        }
    }

    /**
     * @param perSecond most permits in any second; below 1, most permits in any time that one takes. No later rate is higher.
     */
    SlidingWindowRateLimiter(double perSecond, Clock clock) {
        this.clock = clock;
        rate = Rate.of(perSecond);
        given = new long[rate.most];
        last = clock.nanos() - rate.window;
        due = last;
        Arrays.fill(given, last);
    }

    /** From the next permit on. */
    void setRate(double perSecond) {
        if (perSecond != rate.perSecond) {
            rate = Rate.of(perSecond);
        }
    }

    /**
     * Waits in line for the next permit.
     *
     * @return whether it had to wait
     */
    boolean acquire() throws InterruptedException {
        long arrived = clock.nanos();
        line.lockInterruptibly();
        try {
            Rate current = rate;
            long oldest = given[Math.floorMod(next - current.most, given.length)];
            long earliest = Math.max(due - last, Math.max(current.interval / 2, oldest + current.window - last));
            long now = clock.nanos();
            boolean waits = now - last < earliest;
            for (; now - last < earliest; now = clock.nanos()) {
                clock.pause(earliest - (now - last));
            }
            given[next] = now;
            next = (next + 1) % given.length;
            // What was late is made up for; permits that were not wanted in time are gone.
            boolean unwanted = arrived - last > 0 && arrived - due > 0;
            long behind = unwanted ? 0 : Math.min(now - due, CATCH_UP_NANOS);
            due = now - behind + current.interval;
            last = now;
            return waits;
        } finally {
            line.unlock();
        }
    }
}
