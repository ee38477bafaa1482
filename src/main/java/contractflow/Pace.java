package contractflow;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The rate of calls to one API, kept without bursts: turns come evenly, and whoever was late does not make the next ones come too
 * soon. A token bucket alone would let everybody out at once who was held up by the same pause of the JVM; an API that counts over
 * a sliding second refuses those that come behind them.
 */
final class Pace {

    /** Turns are this much further apart than the rate says, since the API's clock sees some calls nearer to each other. */
    private static final double MARGIN = 0.015;

    /** How far behind its plan the pace may catch up, at twice its rate. */
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
    private final long interval;
    private final long window;

    /** When the last turns were taken: as many as the API bears in a window. */
    private final long[] taken;

    private int oldest;
    private long last;
    private long due;

    /**
     * @param perSecond most turns in any second; below 1, most turns in any time that one takes
     */
    Pace(double perSecond, Clock clock) {
        this.clock = clock;
        double nanosPerTurn = TimeUnit.SECONDS.toNanos(1) / perSecond;
        taken = new long[(int) Math.min(MOST_REMEMBERED, Math.max(1, perSecond))];
        interval = (long) (nanosPerTurn * (1 + MARGIN));
        window = (long) (nanosPerTurn * taken.length * (1 + MARGIN / 2));
        last = clock.nanos() - window;
        due = last;
        Arrays.fill(taken, last);
    }

    /** Waits in line for the next turn. */
    void takeTurn() throws InterruptedException {
        long arrived = clock.nanos();
        line.lockInterruptibly();
        try {
            long earliest = Math.max(due - last, Math.max(interval / 2, taken[oldest] + window - last));
            long now = clock.nanos();
            for (; now - last < earliest; now = clock.nanos()) {
                clock.pause(earliest - (now - last));
            }
            taken[oldest] = now;
            oldest = (oldest + 1) % taken.length;
            // Who was held up is made up for; turns that nobody wanted are gone.
            boolean unwanted = arrived - last > 0 && arrived - due > 0;
            long behind = unwanted ? 0 : Math.min(now - due, CATCH_UP_NANOS);
            due = now - behind + interval;
            last = now;
        } finally {
            line.unlock();
        }
    }
}
