package contractflow.api.adaptive;

import contractflow.failure.api.Refusal;
import java.util.IntSummaryStatistics;
import java.util.stream.IntStream;

/**
 * Which limit a refusal is about. What was seen says it better than the answer does, since some APIs write one code for both: whether
 * the refused call was one more at once than was borne before, or one more in a second, or neither; and what the last refusals had in
 * common.
 *
 * <p>Times are on the clock of {@link System#nanoTime()}. Callers exclude each other.
 */
final class RefusalCause {

    /** Part of the rate from which it is the rate that bounds the calls. */
    private static final double FAST = 0.7;

    private static final int REMEMBERED = 4;
    private static final double ALIKE = 0.1;

    private final AdaptiveConcurrency concurrency;
    private final AdaptiveRate rate;
    private final int[] levels = new int[REMEMBERED];
    private final int[] inSeconds = new int[REMEMBERED];
    private int remembered;
    private int likelyRate;
    private Refusal.Limit last = Refusal.Limit.CONCURRENCY;
    private long refusedAt;
    private boolean refused;

    /** Whether a call was accepted that was sent after the last refusal. */
    private boolean acceptedSince = true;

    RefusalCause(AdaptiveConcurrency concurrency, AdaptiveRate rate) {
        this.concurrency = concurrency;
        this.rate = rate;
    }

    void answered(SentCall call) {
        acceptedSince = acceptedSince || isAfterLast(call);
    }

    /** Whether the refusal comes without a call that was accepted since the last one. */
    boolean isRepeated(SentCall call) {
        return !acceptedSince && isAfterLast(call);
    }

    private boolean isAfterLast(SentCall call) {
        return !refused || call.getAt() - refusedAt > 0;
    }

    /**
     * @param said what the API says that it is about
     */
    Refusal.Limit of(SentCall call, Refusal.Limit said, long now) {
        if (isAfterLast(call)) {
            levels[remembered % REMEMBERED] = call.getLevel();
            inSeconds[remembered % REMEMBERED] = call.getBefore() + 1;
            remembered++;
        }
        last = judge(call, said);
        refusedAt = now;
        refused = true;
        acceptedSince = false;
        return last;
    }

    private Refusal.Limit judge(SentCall call, Refusal.Limit said) {
        if (said == Refusal.Limit.RATE) {
            return said;
        }
        if (!acceptedSince) {
            return last;
        }
        if (call.getLevel() == 1 && call.getBefore() > 0) {
            // It was alone, so not one of too many at once.
            return Refusal.Limit.RATE;
        }
        boolean unknown = said == Refusal.Limit.UNKNOWN;
        boolean fast = call.getBefore() + 1 >= FAST * rate.getRate();
        boolean moreAtOnce = call.getLevel() > concurrency.getBorne();
        boolean moreInSecond = call.getBefore() + 1 > rate.getBorne();
        if (moreInSecond && !moreAtOnce && (++likelyRate > 1 || unknown && (fast || !call.isSlotsFull()))) {
            return Refusal.Limit.RATE;
        }
        if (moreAtOnce && !moreInSecond) {
            likelyRate = 0;
            return isAlwaysAtOneRate() ? Refusal.Limit.RATE : Refusal.Limit.CONCURRENCY;
        }
        boolean likely = moreAtOnce ? isNearerToRate(call) : fast && !call.isSlotsFull();
        return unknown && likely || isAlwaysAtOneRate() ? Refusal.Limit.RATE : Refusal.Limit.CONCURRENCY;
    }

    /** Of two numbers that are new: whether the last refusals came at one rate rather than at one concurrency. */
    private boolean isNearerToRate(SentCall call) {
        double more = spread(levels) - spread(inSeconds);
        if (more != 0) {
            return more > 0;
        }
        return call.getBefore() / rate.getSetting() > (double) call.getLevel() / concurrency.getSetting();
    }

    /** Whether the last refusals came at different numbers of calls at once, but at the same number in a second. */
    private boolean isAlwaysAtOneRate() {
        double spread = spread(inSeconds);
        return remembered >= REMEMBERED && spread <= ALIKE && spread(levels) > ALIKE + 2 * spread;
    }

    private double spread(int[] numbers) {
        IntSummaryStatistics all = IntStream.of(numbers).limit(remembered).summaryStatistics();
        return (all.getMax() - all.getMin()) / all.getAverage();
    }
}
