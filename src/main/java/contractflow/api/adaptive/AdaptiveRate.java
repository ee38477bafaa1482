package contractflow.api.adaptive;

import java.util.concurrent.TimeUnit;

/**
 * How many calls a second an API bears, learnt from what it accepts and refuses. A refusal lowers the rate to what was accepted in the
 * second before; from there a higher one is tried now and then.
 *
 * <p>Times are on the clock of {@link System#nanoTime()}. Callers exclude each other.
 */
public final class AdaptiveRate {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** A rate that was borne for so long is borne by an API that counts over a second. */
    private static final long TRIAL_NANOS = SECOND * 3 / 2;

    private static final long SHORTEST_INTERVAL = 3 * SECOND;
    private static final int PAUSES = 5;
    private static final int FEWEST_ANSWERS = 40;

    private static final double FIRST_STEP = 0.1;

    /** Where the rate that was refused is the one that was accepted before: the API counts a little differently. */
    private static final double LITTLE_LOWER = 0.98;

    /** Where it was refused soon again: the API counts over longer than a second. */
    private static final double LOWER = 0.85;

    /** Part of the accepted calls before a refusal that is taken to be borne after it as well. */
    private static final double STILL_BORNE = 0.4;

    private static final double LOWEST_PART = 0.25;
    private static final double LOWEST = 0.1;

    private final double setting;

    /** The trial included. */
    private double rate;

    /** Without the trial. */
    private double base;

    /** Most calls in a second that were answered since the last refusal. */
    private final OftenReached borne = new OftenReached();

    /** Calls in a second that are borne, whatever the last refusal was about. */
    private int least;

    private double step = FIRST_STEP;
    private int failedTrials;
    private long trialAt;
    private long notBefore;
    private long refusedAt;
    private boolean refused;
    private long answers;

    /** Whether calls were sent at this rate for long enough, and answered. */
    private boolean healthy;

    /**
     * @param setting most calls a second that the settings allow
     */
    AdaptiveRate(double setting, long now) {
        this.setting = setting;
        rate = setting;
        base = setting;
        trialAt = now;
    }

    /** Most calls a second that the settings allow. */
    public double getSetting() {
        return setting;
    }

    /** Most calls a second, from now on. */
    public double getRate() {
        return rate;
    }

    /** Most calls a second that the API bears as far as is known; a trial is not in it. */
    public double getKnown() {
        return base;
    }

    /** Most calls in a second that were answered since the last refusal. */
    int getBorne() {
        return Math.max(least, borne.get());
    }

    /**
     * A call was answered.
     *
     * @param inSecond calls in the second before it was sent, itself included, without those that were refused
     * @param paced whether it had to wait for the rate
     */
    void answered(int inSecond, boolean paced, long sentAt, long now) {
        if (refused && sentAt - refusedAt <= 0) {
            return;
        }
        answers++;
        borne.add(inSecond);
        if (!paced) {
            return;
        }
        healthy = healthy || sentAt - trialAt >= TRIAL_NANOS;
        if (base < rate) {
            if (sentAt - trialAt >= TRIAL_NANOS) {
                base = rate;
                failedTrials = 0;
                step = Math.min(2 * step, 1);
                tryMore(now);
            }
        } else if (rate < setting && answers >= FEWEST_ANSWERS * (failedTrials > 0 ? 2L : 1L) && now - notBefore >= 0) {
            tryMore(now);
        }
    }

    private void tryMore(long now) {
        rate = Math.min(setting, rate * (1 + step));
        trialAt = now;
        healthy = false;
    }

    /**
     * A call was refused since there were too many in a time.
     *
     * @param inSecond calls that were accepted in the second before it
     * @param pauseNanos how long the API is left alone
     */
    void refused(int inSecond, long sentAt, long now, long pauseNanos) {
        if (refused && sentAt - refusedAt <= 0) {
            // It was on its way when the rate was lowered.
            return;
        }
        boolean trial = base < rate;
        if (trial) {
            rate = base;
            // Of a larger step it is only known that it was too large.
            failedTrials = step > FIRST_STEP ? 0 : failedTrials + 1;
        } else if (inSecond > 0) {
            rate = Math.max(LOWEST, lower(inSecond, now));
            failedTrials = 0;
        }
        base = rate;
        borne.clear();
        least = (int) (STILL_BORNE * inSecond);
        step = FIRST_STEP;
        notBefore = now + Math.max(SHORTEST_INTERVAL, PAUSES * pauseNanos) * (failedTrials > 0 ? 4 : 1);
        answers = 0;
        refused = true;
        refusedAt = now;
    }

    private double lower(int inSecond, long now) {
        if (healthy) {
            // It was borne until now, so this may be chance.
            return LITTLE_LOWER * rate;
        }
        double bearable = inSecond;
        if (refused && inSecond > LOWER * rate) {
            // Refused at this rate again: the API counts over longer than a second.
            bearable = Math.max(LOWER * rate, answers * (double) SECOND / (now - refusedAt));
        }
        return Math.max(LOWEST_PART * rate, Math.min(LITTLE_LOWER * rate, bearable));
    }

    /** It was not for too many in a time that calls were refused: what the API bears has to be found anew. */
    public void forget() {
        rate = setting;
        base = setting;
    }

    /** Whether a rate is tried of which it is not known that it is borne. */
    boolean isTrial() {
        return base < rate;
    }

    /** Nothing was sent for a while, so that the API's count has begun anew. */
    void interrupted(long until) {
        trialAt = until;
        healthy = false;
    }
}
