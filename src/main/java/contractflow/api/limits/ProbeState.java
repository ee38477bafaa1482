package contractflow.api.limits;

/** Whether a probe is under way: one is at a time, and its caller says when it has ended. */
final class ProbeState {

    private boolean probing;

    /** Whether the caller may probe. */
    synchronized boolean start() {
        boolean free = !probing;
        probing = true;
        return free;
    }

    synchronized void end() {
        probing = false;
        notifyAll();
    }

    /** Waits until no probe is under way. */
    synchronized void await() throws InterruptedException {
        while (probing) {
            wait();
        }
    }

    /** While a probe asks whether the API is unavailable, the failure of another call could not tell. */
    synchronized boolean isAwaited(ApiBreaker breaker, LearntLimits learnt) {
        return probing && (breaker.isAway() || !learnt.isProven());
    }
}
