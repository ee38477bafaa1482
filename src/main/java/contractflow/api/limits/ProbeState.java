package contractflow.api.limits;

/** Whether a probe is under way: one is at a time, and its caller says when it has ended. */
public final class ProbeState {

    private boolean probing;

    /** Whether the caller may probe. */
    public synchronized boolean start() {
        boolean free = !probing;
        probing = true;
        return free;
    }

    public synchronized void end() {
        probing = false;
        notifyAll();
    }

    /** Waits until no probe is under way. */
    public synchronized void await() throws InterruptedException {
        while (probing) {
            wait();
        }
    }

    /** While a probe asks whether the API is unavailable, the failure of another call says nothing. */
    synchronized boolean isAwaited(ApiBreaker breaker, LearntLimits learnt) {
        return probing && (breaker.isUnavailable() || !learnt.isProven());
    }
}
