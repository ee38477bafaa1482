package contractflow.api.limits;

import contractflow.api.adaptive.SentCall;
import contractflow.api.job.Job;
import contractflow.config.time.Durations;
import contractflow.contract.CallAttempts;
import contractflow.failure.RunStopped;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.spi.Policy;

/**
 * The limits of one API, a step around each of its calls: the call waits for a slot and for a permit of the rate, and gives the slot
 * back with its outcome, of which the limits learn what the API bears. While the API refuses calls or its breaker is open, no call is made; after an outage, and at the very first,
 * one call goes ahead alone, and twice as many follow with each round of answers.
 */
public final class ApiLimits implements Policy, CamelContextAware {

    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicInteger period = new AtomicInteger();
    private final ProbeState probe = new ProbeState();

    private String api;
    private String route;
    private volatile Duration maxWait;
    private int concurrency;
    private double requestsPerSecond;
    private int recordsPerCall = 1;
    private CamelContext camel;
    private volatile Parts parts;
    private volatile ApiMeters meters = new ApiMeters("", new CompositeMeterRegistry());

    /** What is made of the settings, once all of them are known. */
    private record Parts(
            LearntLimits learnt,
            ApiBreaker breaker,
            SlidingWindowRateLimiter rateLimiter,
            CallSlots slots,
            CallEnd end,
            ApiStatus status) {}

    /**
     * @param api the name of the API, which is that of its breaker
     */
    public void setApi(String api) {
        this.api = api;
    }

    /**
     * @param route that asks the API about a contract
     */
    public void setRoute(String route) {
        this.route = route;
    }

    public String getRoute() {
        return route;
    }

    /**
     * @param concurrency most calls in flight
     */
    public void setConcurrency(int concurrency) {
        this.concurrency = concurrency;
    }

    /**
     * @param requestsPerSecond most calls that are made in any second; they are made evenly, since an API that counts over a sliding
     *     window refuses a burst
     */
    public void setRequestsPerSecond(double requestsPerSecond) {
        this.requestsPerSecond = requestsPerSecond;
    }

    /** Of many records in a call, there are few calls. */
    public void setRecordsPerCall(int recordsPerCall) {
        this.recordsPerCall = recordsPerCall;
    }

    /**
     * @param maxWait in Camel's notation, such as 15m: how long a run waits for the API before it ends incomplete
     */
    public void setMaxWait(String maxWait) {
        this.maxWait = Durations.parse(maxWait);
    }

    public Duration getMaxWait() {
        return maxWait;
    }

    @Override
    public void setCamelContext(CamelContext camel) {
        this.camel = camel;
    }

    @Override
    public CamelContext getCamelContext() {
        return camel;
    }

    private Parts parts() {
        return parts != null ? parts : locked(() -> parts = parts == null ? make() : parts);
    }

    private Parts make() {
        LearntLimits learnt = new LearntLimits(api, concurrency, requestsPerSecond, () -> maxWait, System.nanoTime());
        learnt.limits().concurrency().setFewCalls(recordsPerCall > 1);
        ApiBreaker breaker = new ApiBreaker(api, camel);
        SlidingWindowRateLimiter limiter =
                new SlidingWindowRateLimiter(requestsPerSecond, SlidingWindowRateLimiter.Clock.SYSTEM);
        CallSlots slots = new CallSlots(api, lock, learnt, breaker, probe, limiter, () -> maxWait);
        CallEnd end = new CallEnd(api, learnt, breaker, slots);
        return new Parts(
                learnt, breaker, limiter, slots, end, new ApiStatus(api, lock, learnt, breaker, slots::getWaiting));
    }

    /**
     * Counts and measures what happens here from now on.
     *
     * @param jobs those that this process works on
     */
    public void measure(MeterRegistry registry, Supplier<? extends Collection<Job>> jobs) {
        ApiMeters its = new ApiMeters(api, registry);
        its.watch(status(), jobs);
        meters = its;
    }

    /** How the API is doing. */
    public ApiStatus status() {
        return parts().status;
    }

    @Override
    public void beforeWrap(Route route, NamedNode policy) {
        // Nothing is added to the steps that are a call.
    }

    @Override
    public Processor wrap(Route route, Processor call) {
        return new LimitedCall(this, call);
    }

    /**
     * Waits for a slot and for a permit of the rate.
     *
     * @throws RunStopped where the run ends before there is one; this also ends a run that has waited too long for the API
     */
    SentCall acquire(Exchange exchange) throws InterruptedException {
        Job run = exchange.getVariable("run", Job.class);
        CallAttempts attempts = CallAttempts.of(exchange);
        boolean probing = exchange.getVariable("probe") != null;
        SentCall sent = parts().slots.acquire(run, attempts, probing);
        if (attempts != null && attempts.wasAsked() && !probing) {
            meters.retried();
        }
        return sent;
    }

    /** Waits for a permit of the rate, for a call that has its slot and is repeated. */
    public void awaitRate() throws InterruptedException {
        parts().rateLimiter.acquire();
    }

    /** Gives the slot back and takes note of how the call ended. */
    void release(Exchange exchange, SentCall sent) {
        Job run = exchange.getVariable("run", Job.class);
        CallEnd.Call call = CallEnd.Call.of(exchange, sent);
        Throwable failure = exchange.getException();
        long took = System.nanoTime() - sent.getAt();
        boolean called = locked(() -> {
            boolean made = parts().end.take(run, call, failure, period.get());
            parts().rateLimiter.setRate(parts().learnt.limits().rate().getRate());
            return made;
        });
        if (called) {
            meters.called(exchange, failure, call.records(), took);
            CallAttempts.Counted asked = CallAttempts.askedFor(exchange);
            run.standing(api).note(exchange.getVariable("id", String.class), asked, sent.getAt(), failure);
        }
    }

    /** Whether the API has failed so often that it is asked by one call at a time. */
    public boolean isUnavailable() {
        return parts().breaker.isUnavailable();
    }

    /** The probe that is under way, if one is. */
    public ProbeState probe() {
        return probe;
    }

    /** Not even a probe is answered: what failed until now says nothing about any record, and one call at a time goes on. */
    public void markOutage() {
        period.incrementAndGet();
        locked(() -> {
            parts().learnt.restart();
            return null;
        });
    }

    /** A probe has failed, for a record that the API has answered before. */
    public void failedForKnown() {
        locked(() -> {
            parts().learnt.failedForKnown();
            return null;
        });
    }

    /** How often a record has to fail until it is at fault, at least so often. */
    public int attempts(int least) {
        return locked(() -> parts().learnt.attempts(least));
    }

    /** Whether no call is under way, nor waits for its slot. */
    public boolean isUnwanted() {
        return locked(() ->
                parts().learnt.limits().getInFlight() == 0 && parts().slots.getWaiting() == 0);
    }

    private <T> T locked(Supplier<T> read) {
        lock.lock();
        try {
            return read.get();
        } finally {
            lock.unlock();
        }
    }

    /** The credentials are good: it was the record whose token was refused that is at fault. */
    public void endDoubt(Job run) {
        parts().slots.endDoubt(run);
    }
}
