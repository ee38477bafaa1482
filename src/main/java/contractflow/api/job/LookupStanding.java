package contractflow.api.job;

import java.time.Duration;
import java.util.function.LongSupplier;

/** What an API has answered a job that asked it for many records in a call. */
public final class LookupStanding {

    /** How long each record is asked for by itself, until one lookup is tried again; doubled as often as that is in vain. */
    private static final Duration FIRST_SUSPENSION = Duration.ofSeconds(30);

    private static final Duration LONGEST_SUSPENSION = Duration.ofMinutes(10);

    private final LongSupplier nanoTime;
    private int most = Integer.MAX_VALUE;
    private Duration suspension = Duration.ZERO;
    private long suspendedAt;
    private boolean everAnswered;
    private int unexpected;

    public LookupStanding() {
        this(System::nanoTime);
    }

    LookupStanding(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Most records that are worth asking for in a call. */
    public synchronized int getMost() {
        return isSuspended() ? 1 : most;
    }

    /** Whether no lookup is worth making for a while. */
    public synchronized boolean isSuspended() {
        return !suspension.isZero() && nanoTime.getAsLong() - suspendedAt < suspension.toNanos();
    }

    /**
     * The API answers for one record and not for two. For a while, no lookup is worth making.
     *
     * @return how long; zero where that is so already
     */
    public synchronized Duration suspend() {
        if (isSuspended()) {
            return Duration.ZERO;
        }
        Duration longer = suspension.multipliedBy(2);
        suspension = suspension.isZero()
                ? FIRST_SUSPENSION
                : longer.compareTo(LONGEST_SUSPENSION) > 0 ? LONGEST_SUSPENSION : longer;
        suspendedAt = nanoTime.getAsLong();
        return suspension;
    }

    /**
     * No more than so many are answered in a call.
     *
     * @return whether more were asked for until now
     */
    public synchronized boolean reduceTo(int records) {
        boolean less = records < most;
        most = Math.min(most, records);
        return less;
    }

    /**
     * A lookup was answered with what was asked for.
     *
     * @return whether none was worth making for a while until now
     */
    public synchronized boolean answered() {
        boolean again = !suspension.isZero();
        everAnswered = true;
        suspension = Duration.ZERO;
        return again;
    }

    /**
     * A lookup was answered with something else than was asked for.
     *
     * @return how many were, their parts not counted
     */
    public synchronized int countUnexpected(boolean isPart) {
        unexpected += isPart ? 0 : 1;
        return unexpected;
    }

    public synchronized boolean hasEverAnswered() {
        return everAnswered;
    }
}
