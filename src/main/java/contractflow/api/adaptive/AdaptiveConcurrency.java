package contractflow.api.adaptive;

/**
 * How many calls an API bears at once, learnt from what it accepts and refuses. A refusal lowers the limit at once to the calls that
 * were accepted beside the refused one. From there, one call more is tried after some rounds of answers; while trials fail, they
 * become rarer, and after one that succeeds the next ones follow at once and are larger.
 *
 * <p>Before anything is known, the limit is twice what was answered at once, so that it doubles with each round.
 *
 * <p>Times are on the clock of {@link System#nanoTime()}. Callers exclude each other.
 */
public final class AdaptiveConcurrency {

    /** Rounds of as many answers as the limit before the first trial. */
    private static final int ROUNDS = 4;

    /** Calls at once that NetSuite allows at least. */
    private static final int SMALLEST_ACCOUNT = 5;

    private static final int FEWEST_ANSWERS = 8;

    /** Answers between two trials that fail: one refusal in so many calls is what trials may cost. */
    private static final int MOST_ANSWERS = 60;

    /** A trial that may cost a pause comes after so many times its length at the earliest, later twice as many. */
    private static final int PAUSES = 5;

    private final int setting;

    /** Most calls at once, the trial included. */
    private int limit;

    /** The limit without the trial. */
    private int base;

    /** Most calls at once that were answered since the last refusal. */
    private final OftenReached borne = new OftenReached();

    /** Bounds the limit while nothing is known: twice as many are sent at once as were answered. */
    private int ramp = 1;

    /** Once a call is answered, at least so many are sent at once. */
    private int secondRound = 2;

    private int step = 1;
    private int failedTrials;
    private int untilTrial;
    private long notBefore;
    private long refusedAt;
    private boolean refused;
    private boolean answeredSince = true;

    /** The limit without the trial, when a call was last refused after others had been answered. */
    private int baseBefore;

    /**
     * @param setting most calls at once that the settings allow
     */
    AdaptiveConcurrency(int setting) {
        this.setting = setting;
        limit = setting;
        base = setting;
    }

    /** Where there are few calls, they are over before a limit that doubles with each round is reached. */
    public void setFewCalls(boolean few) {
        secondRound = few ? SMALLEST_ACCOUNT : 2;
    }

    /** Most calls at once that the settings allow. */
    public int getSetting() {
        return setting;
    }

    /** Most calls at once, from now on. */
    public int getLimit() {
        return Math.min(limit, ramp);
    }

    /** Most calls at once that the API bears as far as is known; a trial is not in it. */
    public int getKnown() {
        return base;
    }

    /**
     * A call was refused that was alone. Where nothing was answered since others were refused, it is no number of calls that the API
     * refuses, but each of them.
     */
    void refusedAlone() {
        if (!answeredSince) {
            limit = Math.max(limit, baseBefore);
            base = limit;
        }
        restart();
    }

    /** A call failed that was alone. Where nothing was answered since others were refused, these have failed as well. */
    public void failedAlone() {
        if (!answeredSince) {
            refusedAlone();
        }
    }

    /** It was not for too many at once that calls were refused: what the API bears has to be found anew. */
    public void forget() {
        limit = setting;
        base = setting;
    }

    /** Whether a call was sent after the last refusal. */
    boolean isAfterRefusal(long sentAt) {
        return !refused || sentAt - refusedAt > 0;
    }

    /** Most calls at once that were answered since the last refusal. */
    int getBorne() {
        return borne.get();
    }

    /** What the API bears has to be found anew, beginning with one call. What it is known not to bear is not tried. */
    public void restart() {
        ramp = 1;
        borne.clear();
    }

    /**
     * A call was answered.
     *
     * @param level calls in flight when it was sent, itself included, without those that were refused
     */
    void answered(int level, long sentAt, long now) {
        if (refused && sentAt - refusedAt <= 0) {
            // Accepted before the last refusal, perhaps under a limit that is gone.
            return;
        }
        answeredSince = true;
        borne.add(level);
        ramp = Math.max(ramp, Math.max(secondRound, 2 * level));
        if (base < limit) {
            if (level >= limit) {
                base = limit;
                failedTrials = 0;
                step = Math.min(2 * step, limit);
                tryMore();
            }
        } else if (limit < setting && --untilTrial <= 0 && now - notBefore >= 0) {
            tryMore();
        }
    }

    private void tryMore() {
        limit = Math.min(setting, limit + step);
    }

    /**
     * A call was refused since there were too many at once.
     *
     * @param level calls in flight when it was sent, itself included
     * @param beside calls that were in flight beside it and were not refused
     * @param youngBeside whether the calls beside it were sent after the refusal before this one
     * @param pauseNanos how long the API wants to be left alone
     * @return whether more calls were tried than it was known to bear
     */
    boolean refused(int level, int beside, boolean youngBeside, long sentAt, long now, long pauseNanos) {
        boolean together = refused && sentAt - refusedAt <= 0;
        boolean trial = base < limit && level > base;
        baseBefore = answeredSince ? base : baseBefore;
        int bearable = Math.min(limit, Math.max(1, beside));
        if (!together && !answeredSince && !youngBeside) {
            // The calls beside it may have been accepted under a limit that is gone, so they prove little.
            bearable = Math.min(bearable, Math.max(1, limit * 3 / 4));
        }
        limit = bearable;
        base = bearable;
        ramp = bearable;
        borne.clear();
        step = 1;
        if (!together) {
            failedTrials = trial ? failedTrials + 1 : 0;
            answeredSince = false;
        }
        int first = Math.max(FEWEST_ANSWERS, ROUNDS * limit);
        untilTrial = Math.min(first << Math.min(failedTrials, 10), Math.max(MOST_ANSWERS, first));
        notBefore = now + PAUSES * pauseNanos * (failedTrials > 0 ? 2 : 1);
        refused = true;
        refusedAt = now;
        return trial;
    }
}
