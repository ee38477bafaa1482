package contractflow.api.limits;

import contractflow.api.job.ApiState;
import contractflow.api.job.Calls;
import contractflow.api.job.Job;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** How an API is doing, as metrics, progress and the status page show it. */
public final class ApiStatus {

    private final String api;
    private final Lock lock;
    private final LearntLimits learnt;
    private final ApiBreaker breaker;
    private final IntSupplier waiting;

    /**
     * @param lock that guards what was learnt
     * @param waiting calls that wait for their slot; is asked with the lock held
     */
    ApiStatus(String api, Lock lock, LearntLimits learnt, ApiBreaker breaker, IntSupplier waiting) {
        this.api = api;
        this.lock = lock;
        this.learnt = learnt;
        this.breaker = breaker;
        this.waiting = waiting;
    }

    /** Calls that wait for the API's answer. */
    public int getInFlight() {
        return locked(learnt.limits()::getInFlight);
    }

    /** Most calls in flight that the API bears at present. */
    int getLimit() {
        return locked(learnt.limits().concurrency()::getLimit);
    }

    /** Most calls a second that the API bears at present. */
    double getRate() {
        return locked(learnt.limits().rate()::getRate);
    }

    /** Most calls in flight that the settings allow. */
    int getConcurrency() {
        return learnt.limits().concurrency().getSetting();
    }

    /** Most calls a second that the settings allow. */
    double getRequestsPerSecond() {
        return learnt.limits().rate().getSetting();
    }

    /** How often no call was made for a while, since the API had refused calls. */
    public long getPauses() {
        return locked(learnt.pause()::getCount);
    }

    /** How long that was until now, all together. */
    long getPausedNanos() {
        return locked(() -> learnt.pause().getNanos(System.nanoTime()));
    }

    /**
     * The state of the breaker while a call is wanted. A breaker closes by an answer only, so it stays half open where the last
     * job has ended without one; that says nothing about the API, and counts as closed.
     *
     * @param jobs that may want a call
     */
    CircuitBreaker.State breakerState(Collection<? extends Job> jobs) {
        return isWanted(jobs) ? breaker.getState() : CircuitBreaker.State.CLOSED;
    }

    /** Whether a call waits for its slot or its answer, or one of the jobs will call again since its last call was not answered. */
    private boolean isWanted(Collection<? extends Job> jobs) {
        return locked(() -> waiting.getAsInt() + learnt.limits().getInFlight()) > 0
                || jobs.stream().anyMatch(job -> !job.isStopped() && job.isWaitingFor(api));
    }

    /** How the API is doing, and what it was asked for the run. */
    public ApiState stateFor(Job run) {
        lock.lock();
        try {
            long pause = learnt.getPauseSeconds(System.nanoTime());
            boolean open = breakerState(List.of(run)) != CircuitBreaker.State.CLOSED;
            ApiState.State state = open ? ApiState.State.OPEN : pause > 0 ? ApiState.State.PAUSED : ApiState.State.OK;
            Calls calls = run.callsOf(api);
            return new ApiState(
                    api,
                    state,
                    state == ApiState.State.PAUSED ? pause : 0,
                    getInFlight(),
                    getLimit(),
                    getConcurrency(),
                    getRequestsPerSecond(),
                    getRate(),
                    calls.getCount(),
                    calls.getSeconds(),
                    run.outage(api));
        } finally {
            lock.unlock();
        }
    }

    private <T> T locked(Supplier<T> value) {
        lock.lock();
        try {
            return value.get();
        } finally {
            lock.unlock();
        }
    }
}
