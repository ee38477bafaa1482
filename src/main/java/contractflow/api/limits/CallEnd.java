package contractflow.api.limits;

import contractflow.api.adaptive.SentCall;
import contractflow.api.job.Calls;
import contractflow.api.job.Job;
import contractflow.contract.CallAttempts;
import contractflow.failure.api.RateLimited;
import contractflow.failure.api.Refusal;
import contractflow.failure.api.ServiceUnavailable;
import contractflow.failure.api.Unauthorized;
import org.apache.camel.Exchange;

/**
 * What a call that has ended means for the limits of its API, for its record and for the run. Callers hold the lock that guards what
 * was learnt.
 */
final class CallEnd {

    private final String api;
    private final LearntLimits learnt;
    private final ApiBreaker breaker;
    private final CallSlots slots;

    CallEnd(String api, LearntLimits learnt, ApiBreaker breaker, CallSlots slots) {
        this.api = api;
        this.learnt = learnt;
        this.breaker = breaker;
        this.slots = slots;
    }

    /**
     * A call that was sent and has not released its slot.
     *
     * @param attempts whose attempt it is, or null
     * @param records how many it asks for
     */
    record Call(CallAttempts attempts, int records, SentCall sent) {

        static Call of(Exchange exchange, SentCall sent) {
            CallAttempts.Counted asked = CallAttempts.askedFor(exchange);
            return new Call(asked == null ? null : asked.attempts(), asked == null ? 0 : asked.records(), sent);
        }
    }

    /**
     * Takes note of it, and gives its slot back.
     *
     * @param failure null where the answer is what was asked for
     * @param period of the API, between two outages
     * @return whether the call was made
     */
    boolean take(Job run, Call call, Throwable failure, int period) {
        long now = System.nanoTime();
        CallOutcome outcome = CallOutcome.of(failure);
        boolean called = outcome != CallOutcome.NOT_CALLED;
        LearntLimits.Ended ended = ended(run, call, outcome, failure, now);
        boolean failed = outcome == CallOutcome.OVERLOADED || outcome == CallOutcome.FAILED;
        if (failed && breaker.isUnavailable() || outcome == CallOutcome.UNAUTHORIZED) {
            learnt.restart();
        }
        learnt.log(now);
        slots.release(
                run, failure instanceof Unauthorized refused && (refused.isRepeatable() || !refused.isAboutRecord()));
        if (called) {
            count(run.callsOf(api), call, outcome, ended, period);
            run.callsOf(api).add(now - call.sent.getAt(), call.records, learnt.limits());
        }
        return called;
    }

    private LearntLimits.Ended ended(Job run, Call call, CallOutcome outcome, Throwable failure, long now) {
        boolean alone = call.attempts != null && run.standing(api).isRefusedAlone(call.attempts);
        boolean answers = outcome == CallOutcome.ANSWERED || outcome == CallOutcome.RECORD_REJECTED;
        if (answers) {
            run.answered(api);
            slots.setRefusedLast(null);
        } else if (outcome != CallOutcome.NOT_CALLED && !(outcome == CallOutcome.REFUSED && alone)) {
            // A record that is refused alone says nothing of the API.
            run.missed(api, failure);
        }
        return switch (outcome) {
            case ANSWERED, RECORD_REJECTED ->
                learnt.answered(call.sent, call.attempts, outcome == CallOutcome.ANSWERED, now);
            case REFUSED -> {
                slots.setRefusedLast(call.attempts);
                yield learnt.refused(call.sent, ((RateLimited) failure).getRefusal(), alone, now);
            }
            case OVERLOADED ->
                breaker.isUnavailable()
                        ? learnt.failed(call.sent)
                        : learnt.overloaded(call.sent, call.attempts, said(failure), alone, now);
            default -> learnt.failed(call.sent);
        };
    }

    private static String said(Throwable failure) {
        return failure instanceof ServiceUnavailable unavailable
                ? String.valueOf(unavailable.getStatus())
                : "no answer";
    }

    private void count(Calls calls, Call call, CallOutcome outcome, LearntLimits.Ended ended, int period) {
        boolean refused = outcome == CallOutcome.REFUSED || outcome == CallOutcome.OVERLOADED && !ended.attempt();
        if (refused && ended.refused() != Refusal.Limit.TOKENS) {
            calls.addRefused();
        }
        if (ended.byChance()) {
            calls.forgetLimits();
        }
        CallAttempts attempts = call.attempts;
        if (attempts == null) {
            return;
        }
        attempts.asked();
        if (refused) {
            attempts.refused(call.sent.getAt(), ended.alone(), ended.refused());
        } else if (ended.attempt()) {
            attempts.add(period, call.sent.getAt());
        } else if (!learnt.isByChance()) {
            calls.addRefusedForLimits(attempts.getRefusedAtOnce(), attempts.getRefusedInSecond());
        }
    }
}
