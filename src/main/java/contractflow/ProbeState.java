package contractflow;

import java.util.concurrent.atomic.AtomicBoolean;

/** Whether a probe is under way: one is at a time, and its caller says when it has ended. */
final class ProbeState {

    private final AtomicBoolean probing = new AtomicBoolean();

    /** Whether the caller may probe. */
    boolean start() {
        return probing.compareAndSet(false, true);
    }

    void end() {
        probing.set(false);
    }

    /** While a probe asks whether the API is unavailable, the failure of another call could not tell. */
    boolean isAwaited(ApiBreaker breaker, LearntLimits learnt) {
        return probing.get() && (breaker.isAway() || !learnt.isProven());
    }
}
