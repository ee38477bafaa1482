package contractflow.api.limits;

import contractflow.failure.api.Refusal;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * A time in which an API that has refused calls is left alone. It lasts as long as the API says; where it does not say so, a fifth of a
 * second at most, and longer only while nothing is answered.
 *
 * <p>Times are on the clock of {@link System#nanoTime()}. Callers exclude each other.
 */
public final class Pause {

    private static final long FIRST = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long LONGEST = TimeUnit.MINUTES.toNanos(1);

    private long start;
    private long end;
    private int unanswered;
    private long count;
    private long nanosInAll;

    public Pause(long now) {
        start = now;
        end = now;
    }

    public boolean isOver(long now) {
        return now - end >= 0;
    }

    /** Until its end; not positive where it is over. */
    public long left(long now) {
        return end - now;
    }

    /** When it began, or was last prolonged. */
    long getStart() {
        return start;
    }

    /** How often calls were held back. */
    long getCount() {
        return count;
    }

    /** How long that was until now, all together. */
    long getNanos(long now) {
        return nanosInAll - Math.max(0, left(now));
    }

    /** The API has answered, so the next pause is a short one. */
    public void answered() {
        unanswered = 0;
    }

    /**
     * Begins, or goes on for longer.
     *
     * @param longest that is waited
     * @param sentAt when the call was sent that was refused
     * @return how long nothing is sent from now on, in ns; 0 where the pause is as it was
     */
    public long begin(Refusal refusal, Duration longest, long sentAt, long now) {
        // Calls that were on their way when the pause began say nothing new, except for how long the API wants it.
        boolean again = sentAt - start > 0;
        boolean said = refusal.namesTime();
        if (!again && !said) {
            return 0;
        }
        if (again) {
            unanswered++;
        }
        long ours = grown();
        long nanos = said ? Math.max(refusal.nanos(longest), unanswered > 1 ? ours : 0) : ours;
        nanos = Math.min(nanos, longest.toNanos());
        long longer = now + nanos - end;
        if (longer <= 0) {
            return 0;
        }
        boolean goesOn = !isOver(now);
        count += goesOn ? 0 : 1;
        nanosInAll += goesOn ? longer : nanos;
        start = now;
        end = now + nanos;
        return nanos;
    }

    /** Not the same for all processes that were refused together. */
    private long grown() {
        long bound = Math.min(LONGEST, FIRST << Math.min(Math.max(0, unanswered - 1), 20));
        return bound / 2 + ThreadLocalRandom.current().nextLong(bound / 2 + 1);
    }
}
