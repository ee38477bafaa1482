package contractflow.api.adaptive;

import contractflow.failure.api.Refusal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What an API bears, calls at once and calls a second, learnt from the calls that it has answered and refused.
 *
 * <p>Times are on the clock of {@link System#nanoTime()}. Callers exclude each other.
 */
public final class AdaptiveLimits {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** One refusal in fewer answers is no chance. */
    private static final int FEW_ANSWERS = 20;

    private final AdaptiveConcurrency concurrency;
    private final AdaptiveRate rate;
    private final RefusalCause cause;

    /** In the order in which they were sent. */
    private final Set<SentCall> inFlight = new LinkedHashSet<>();

    /** Calls of the last second that were not refused. */
    private final Deque<SentCall> lastSecond = new ArrayDeque<>();

    private int answers;
    private int suspected;

    /**
     * @param concurrency most calls at once that the settings allow
     * @param perSecond most calls a second that the settings allow
     */
    public AdaptiveLimits(int concurrency, double perSecond, long now) {
        this.concurrency = new AdaptiveConcurrency(concurrency);
        rate = new AdaptiveRate(perSecond, now);
        cause = new RefusalCause(this.concurrency, rate);
    }

    public AdaptiveConcurrency concurrency() {
        return concurrency;
    }

    public AdaptiveRate rate() {
        return rate;
    }

    /** Calls that wait for an answer. */
    public int getInFlight() {
        return inFlight.size();
    }

    /**
     * A call is sent.
     *
     * @param paced whether it had to wait for the rate
     */
    public SentCall sent(boolean paced, long now) {
        while (!lastSecond.isEmpty() && now - lastSecond.peekFirst().getAt() >= SECOND) {
            lastSecond.removeFirst();
        }
        if (lastSecond.isEmpty()) {
            rate.interrupted(now);
        }
        boolean slotsFull = inFlight.size() + 1 >= concurrency.getLimit();
        SentCall call = new SentCall(now, paced, slotsFull, inFlight.size(), lastSecond.size());
        inFlight.add(call);
        lastSecond.addLast(call);
        return call;
    }

    /** The API has accepted the call and answered it. */
    public void answered(SentCall call, long now) {
        inFlight.remove(call);
        answers++;
        cause.answered(call);
        concurrency.answered(call.getBeside() + 1, call.getAt(), now);
        rate.answered(call.getBefore() + 1, call.isPaced(), call.getAt(), now);
    }

    /** It is unknown whether the API has accepted the call. */
    public void failed(SentCall call) {
        inFlight.remove(call);
    }

    /**
     * The API has refused the call.
     *
     * @param pauseNanos how long the API asks to wait; 0 where it does not say
     * @return what the refusal is about, and whether nothing should be sent for a while, also where the API does not ask for it
     */
    public Lesson refused(SentCall call, Refusal.Limit said, long pauseNanos, long now) {
        inFlight.remove(call);
        lastSecond.remove(call);
        inFlight.forEach(other -> other.refusedBeside(call, SECOND));
        if (said == Refusal.Limit.TOKENS) {
            return new Lesson(said, true);
        }
        boolean repeated = cause.isRepeated(call);
        // NetSuite, which has a code for it, names no time; others write the code for whatever they refuse.
        Refusal.Limit hint = said == Refusal.Limit.CONCURRENCY && pauseNanos > 0 ? Refusal.Limit.UNKNOWN : said;
        Refusal.Limit limit = cause.of(call, hint, now);
        boolean pause = limit == Refusal.Limit.RATE
                ? tooManyInSecond(call, repeated, pauseNanos, now)
                : tooManyAtOnce(call, pauseNanos, now);
        rate.interrupted(now + pauseNanos);
        answers = repeated ? answers : 0;
        return new Lesson(limit, pause);
    }

    /** What was learnt of a refusal. */
    public record Lesson(Refusal.Limit limit, boolean pause) {}

    private boolean tooManyInSecond(SentCall call, boolean repeated, long pauseNanos, long now) {
        // Where a pause costs little, one refusal may be chance, and another one after it is not.
        if (pauseNanos > 0 || repeated || rate.isTrial() || answers < FEW_ANSWERS) {
            rate.refused(Math.max(call.getBefore(), suspected), call.getAt(), now, pauseNanos);
            suspected = 0;
        } else {
            suspected = call.getBefore();
        }
        return true;
    }

    private boolean tooManyAtOnce(SentCall call, long pauseNanos, long now) {
        if (call.getLevel() == 1) {
            concurrency.refusedAlone();
            return true;
        }
        // One more may be an answer on its way back; several were sent after this call and came before it.
        int beside = inFlight.size() > call.getBeside() + 1 ? inFlight.size() : call.getBeside();
        boolean young = inFlight.isEmpty()
                || concurrency.isAfterRefusal(inFlight.iterator().next().getAt());
        return !concurrency.refused(call.getLevel(), beside, young, call.getAt(), now, pauseNanos);
    }
}
