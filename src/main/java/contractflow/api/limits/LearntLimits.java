package contractflow.api.limits;

import contractflow.api.adaptive.AdaptiveLimits;
import contractflow.api.adaptive.SentCall;
import contractflow.contract.CallAttempts;
import contractflow.failure.api.Refusal;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What the calls to an API have shown: its limits, whether it is to be left alone for a while, and how often it fails for records
 * that it answers in the end.
 *
 * <p>A call that is answered by 503, or not at all, may have been one too many at once. It is taken for that where the API answers
 * others and others were in flight beside it; not where calls fail like that alone as well, since then fewer at once would not help.
 *
 * <p>Times are on the clock of {@link System#nanoTime()}. Callers exclude each other.
 */
public final class LearntLimits {

    /** Two records that fail alone, with so many answers between them at most, do not fail for a limit. */
    private static final int NEAR = 40;

    /** Answers after which it is looked at again whether a failure is one too many; twice as many each time. */
    private static final int FIRST = 200;

    private static final int LONGEST = 100_000;

    private final AdaptiveLimits limits;
    private final Pause pause;
    private final RefusalLog log;
    private final FailureRate failures = new FailureRate();
    private final Supplier<Duration> maxWait;

    /** Whether the API has answered with what was asked for since it last had to show that it answers. */
    private boolean healthy;

    private long answers;
    private long chanceUntil;
    private int rounds = FIRST;
    private CallAttempts failedAlone;
    private long answersThen;

    /** When the call was sent that ended last. */
    private long endedCallAt;

    /**
     * @param concurrency most calls at once that the settings allow
     * @param perSecond most calls a second that the settings allow
     * @param maxWait the longest pause
     */
    public LearntLimits(String api, int concurrency, double perSecond, Supplier<Duration> maxWait, long now) {
        limits = new AdaptiveLimits(concurrency, perSecond, now);
        pause = new Pause(now);
        log = new RefusalLog(api, concurrency, perSecond);
        endedCallAt = now;
        this.maxWait = maxWait;
    }

    public AdaptiveLimits limits() {
        return limits;
    }

    public Pause pause() {
        return pause;
    }

    boolean isProven() {
        return healthy;
    }

    /** Is called now and then. */
    void log(long now) {
        log.logChange(limits, now);
    }

    /** Whether a pause is under way, or has ended and no call since then has. */
    boolean isPauseUntested(long now) {
        return !pause.isOver(now) || pause.left(endedCallAt) > 0;
    }

    /** How often a record has to fail until it is at fault, at least so often. */
    public int attempts(int least) {
        return failures.attempts(least);
    }

    /** A call has failed for a record that the API has answered before. */
    void failedForKnown() {
        failures.failedForKnown();
    }

    /** Whether calls fail for many records, whatever is in flight, so that these failures say nothing of limits. */
    boolean isByChance() {
        return answers < chanceUntil;
    }

    /** The API has to show anew that it answers, beginning with one call. */
    void restart() {
        healthy = false;
        limits.concurrency().restart();
    }

    /**
     * What has come of a call that has ended.
     *
     * @param attempt whether it counts as an attempt of its record
     * @param alone whether its record alone is refused
     * @param refused what it was too many of; null where that was not learnt
     * @param byChance whether what seemed too many at once until now was not
     */
    public record Ended(boolean attempt, boolean alone, Refusal.Limit refused, boolean byChance) {

        private static final Ended WITH_ANSWER = new Ended(false, false, null, false);
        private static final Ended IN_VAIN = new Ended(true, false, null, false);
    }

    /**
     * A call was answered.
     *
     * @param attempts null where it is not asked for again
     * @param asWanted whether with what was asked for; an API that finds fault with each record need not be asked by many
     */
    public Ended answered(SentCall sent, CallAttempts attempts, boolean asWanted, long now) {
        ended(sent);
        healthy |= asWanted;
        if (healthy) {
            limits.answered(sent, now);
            answers++;
        } else {
            limits.failed(sent);
        }
        if (asWanted && attempts != null) {
            failures.answered(attempts.getCount() + attempts.getRefusals());
        }
        pause.answered();
        return asWanted ? Ended.WITH_ANSWER : Ended.IN_VAIN;
    }

    private void ended(SentCall sent) {
        if (sent.getAt() - endedCallAt > 0) {
            endedCallAt = sent.getAt();
        }
    }

    /**
     * A call was refused.
     *
     * @param alone whether the same record was refused before, and others were answered since then: so it is the record that is
     *     refused, which teaches nothing about limits and is no reason for the others to wait
     */
    public Ended refused(SentCall sent, Refusal refusal, boolean alone, long now) {
        ended(sent);
        if (alone) {
            limits.failed(sent);
            return new Ended(false, true, null, false);
        }
        return new Ended(false, false, learn(sent, refusal, now), false);
    }

    private Refusal.Limit learn(SentCall sent, Refusal refusal, long now) {
        AdaptiveLimits.Lesson lesson = limits.refused(sent, refusal.limit(), refusal.nanos(maxWait.get()), now);
        long paused =
                lesson.pause() || refusal.namesTime() ? pause.begin(refusal, maxWait.get(), sent.getAt(), now) : 0;
        log.refused(refusal, paused, now);
        return lesson.limit();
    }

    /**
     * A call has failed as one does that is too many at once.
     *
     * @param answer its status, or a word
     * @param alone whether the same record has failed so before, and others were answered since then
     */
    public Ended overloaded(SentCall sent, CallAttempts attempts, String answer, boolean alone, long now) {
        if (healthy && !alone && sent.getLevel() > 1 && !isByChance()) {
            ended(sent);
            return new Ended(false, false, learn(sent, new Refusal(answer, null, Refusal.Limit.UNKNOWN), now), false);
        }
        failed(sent);
        if (sent.getLevel() > 1 || !healthy) {
            return Ended.IN_VAIN;
        }
        limits.concurrency().failedAlone();
        boolean near = failedAlone != null
                && failedAlone != attempts
                && answers > answersThen
                && answers - answersThen <= NEAR;
        if (near) {
            chanceUntil = answers + rounds;
            rounds = Math.min(2 * rounds, LONGEST);
            limits.concurrency().forget();
            limits.rate().forget();
        }
        failedAlone = attempts;
        answersThen = answers;
        return new Ended(true, false, null, near);
    }

    /** A call has failed. */
    Ended failed(SentCall sent) {
        ended(sent);
        limits.failed(sent);
        return Ended.IN_VAIN;
    }

    /** How long it is left alone from now on, in whole seconds; 0 where it is not. */
    long getPauseSeconds(long now) {
        return Math.max(0, (TimeUnit.NANOSECONDS.toMillis(pause.left(now)) + 999) / 1000);
    }
}
