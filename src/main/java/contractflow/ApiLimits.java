package contractflow;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.support.CamelContextHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The limits of one API: a call acquires a slot and a permit of the rate, and releases the slot with its outcome, of which the limits
 * learn what the API bears. While the API refuses calls or its breaker is open, no call is made; after an outage, and at the very first,
 * one call goes ahead alone, and twice as many follow with each round of answers.
 */
public final class ApiLimits implements CamelContextAware {

    private static final Logger LOG = LoggerFactory.getLogger(ApiLimits.class);
    private static final String CALL = "contractflow.call";

    /** Waiting threads look around this often, since a breaker half-opens without telling. */
    private static final long LOOK_AROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** How long contracts in flight may go on waiting for their call once their run is stopped. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    private final AtomicInteger period = new AtomicInteger();
    private final AtomicBoolean probing = new AtomicBoolean();

    private String api;
    private String route;
    private Duration maxWait;
    private SlidingWindowRateLimiter rateLimiter;
    private int concurrency;
    private double requestsPerSecond;
    private AdaptiveLimits limits;
    private RefusalLog refusals;
    private CamelContext camel;
    private volatile CircuitBreaker breaker;
    private volatile ApiMeters meters = new ApiMeters("", new CompositeMeterRegistry());
    private int slots;
    private int waiting;

    /** Whether the API has answered with what was asked for since it last had to show that it answers. */
    private boolean proven;
    private Job credentialsInDoubt;
    private final Pause pause = new Pause(System.nanoTime());

    /**
     * A call that was sent and has not released its slot.
     *
     * @param inquiry whose attempt it is, or null
     */
    private record Call(Inquiry inquiry, SentCall sent) {}

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

    String getRoute() {
        return route;
    }

    /**
     * @param concurrency most calls in flight
     */
    public void setConcurrency(int concurrency) {
        this.concurrency = concurrency;
        learn();
    }

    /**
     * @param requestsPerSecond most calls that are made in any second; they are made evenly, since an API that counts over a sliding
     *     window refuses a burst
     */
    public void setRequestsPerSecond(double requestsPerSecond) {
        this.requestsPerSecond = requestsPerSecond;
        rateLimiter = new SlidingWindowRateLimiter(requestsPerSecond, SlidingWindowRateLimiter.Clock.SYSTEM);
        learn();
    }

    private void learn() {
        limits = new AdaptiveLimits(concurrency, requestsPerSecond, System.nanoTime());
    }

    /**
     * @param maxWait in Camel's notation, such as 15m: how long a run waits for the API before it ends incomplete
     */
    public void setMaxWait(String maxWait) {
        this.maxWait = Durations.parse(maxWait);
    }

    @Override
    public void setCamelContext(CamelContext camel) {
        this.camel = camel;
    }

    @Override
    public CamelContext getCamelContext() {
        return camel;
    }

    /**
     * Counts and measures what happens here from now on.
     *
     * @param jobs those that this process works on
     */
    void measure(MeterRegistry registry, Supplier<? extends Collection<Job>> jobs) {
        ApiMeters its = new ApiMeters(api, registry);
        its.watch(this, jobs);
        meters = its;
    }

    /**
     * Waits for a slot and for a permit of the rate.
     *
     * @throws RunStopped where the run ends before there is one; this also ends a run that has waited too long for the API
     */
    public void acquire(Exchange exchange) throws InterruptedException {
        Job run = exchange.getVariable("run", Job.class);
        Inquiry inquiry = exchange.getVariable("contract", Inquiry.class);
        boolean probe = exchange.getVariable("probe") != null;
        boolean again = probe || inquiry != null && inquiry.getAttempts() > 0;
        SentCall sent;
        do {
            takeSlot(run, again, probe);
            sent = send();
        } while (sent == null);
        // A redelivery leaves the last failure here, which is not this call's.
        exchange.removeProperty(Exchange.EXCEPTION_CAUGHT);
        exchange.setProperty(CALL, new Call(inquiry, sent));
        if (inquiry != null && inquiry.wasAsked() && exchange.getVariable("probe") == null) {
            meters.retried();
        }
    }

    /** Waits for the rate; null, and without the slot, where the API has refused calls or failed meanwhile. */
    private SentCall send() throws InterruptedException {
        boolean sent = false;
        try {
            boolean paced = rateLimiter.acquire();
            lock.lockInterruptibly();
            try {
                sent = isOpen() && limits.getInFlight() < limits.concurrency().getLimit();
                return sent ? limits.sent(paced, System.nanoTime()) : null;
            } finally {
                lock.unlock();
            }
        } finally {
            if (!sent) {
                giveSlotBack();
            }
        }
    }

    private void takeSlot(Job run, boolean again, boolean probe) throws InterruptedException {
        lock.lockInterruptibly();
        waiting++;
        try {
            while (true) {
                run.giveUpWaiting(api, maxWait);
                refusals().tell(limits, System.nanoTime());
                leaveStopped(run, again);
                boolean mayGo = (again || credentialsInDoubt != run) && (probe || !isProbeAwaited());
                if (mayGo && isOpen() && slots < limits.concurrency().getLimit()) {
                    break;
                }
                changed.awaitNanos(LOOK_AROUND_NANOS);
            }
            slots++;
        } finally {
            waiting--;
            lock.unlock();
        }
    }

    private void leaveStopped(Job run, boolean again) {
        if (run.isStopped() && (again || run.hasGivenUp(api) || !isOpen() || credentialsInDoubt == run || run.isStoppedFor(GRACE))) {
            throw new RunStopped(run.getStopReason());
        }
    }

    private boolean isOpen() {
        return pause.isOver(System.nanoTime())
                && breaker().map(b -> b.getState() != CircuitBreaker.State.OPEN).orElse(true);
    }

    /** The breaker that Camel has made of the route's, once a call has gone through it. */
    private Optional<CircuitBreaker> breaker() {
        if (breaker == null) {
            lock.lock();
            try {
                if (breaker == null) {
                    breaker = CamelContextHelper.findSingleByType(camel, CircuitBreakerRegistry.class).find(api).orElse(null);
                    if (breaker != null) {
                        breaker.getEventPublisher().onStateTransition(event -> changedTo(event.getStateTransition()));
                    }
                }
            } finally {
                lock.unlock();
            }
        }
        return Optional.ofNullable(breaker);
    }

    private void changedTo(CircuitBreaker.StateTransition transition) {
        switch (transition) {
            case CLOSED_TO_OPEN -> LOG.warn("{}: circuit breaker open, probing with one call at a time", api);
            case HALF_OPEN_TO_CLOSED -> LOG.info("{}: circuit breaker closed, it answers again", api);
            default -> LOG.debug("{}: {}", api, transition);
        }
    }

    /** Whether the API has failed so often that it is asked by one call at a time. */
    boolean isAway() {
        return breaker().map(b -> b.getState() != CircuitBreaker.State.CLOSED).orElse(false);
    }

    /** While a probe asks whether the API is unavailable, the failure of another call could not tell. */
    private boolean isProbeAwaited() {
        return probing.get() && (isAway() || !proven);
    }

    /** Whether the caller may probe; one probe is made at a time, and its caller says when it has ended. */
    boolean startProbe() {
        return probing.compareAndSet(false, true);
    }

    void probeEnded() {
        probing.set(false);
    }

    /** Not even a probe is answered: what failed until now says nothing about any record, and one call at a time goes on. */
    void confirmOutage() {
        period.incrementAndGet();
        lock.lock();
        try {
            restart();
        } finally {
            lock.unlock();
        }
    }

    /** Whether no call is under way. */
    boolean isIdle() {
        return getInFlight() == 0;
    }

    /** The credentials are good: it was the record whose token was refused that is at fault. */
    void endDoubt(Job run) {
        lock.lock();
        try {
            if (credentialsInDoubt == run) {
                credentialsInDoubt = null;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void giveSlotBack() {
        lock.lock();
        try {
            slots--;
            wake();
        } finally {
            lock.unlock();
        }
    }

    /** Signals one waiter per free slot; the others look around by themselves. */
    private void wake() {
        for (int free = limits.concurrency().getLimit() - slots; free > 0 && lock.hasWaiters(changed); free--) {
            changed.signal();
        }
    }

    /** Gives the slot back and takes note of how the call ended. Stands in the {@code doFinally} of the call. */
    public void release(Exchange exchange) {
        Job run = exchange.getVariable("run", Job.class);
        Call call = exchange.getProperty(CALL, Call.class);
        long now = System.nanoTime();
        long took = now - call.sent.getAt();
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        boolean called = !(failure instanceof CallNotPermittedException);
        lock.lock();
        try {
            if (failure == null || failure instanceof RecordRejected rejected && rejected.getSource() == RecordRejected.Source.API) {
                answered(run, call.sent, failure == null, now);
            } else if (failure instanceof RequestRefused refused) {
                run.missed(api, refused);
                refused(run, refused.getRefusal(), call.sent, now);
            } else {
                limits.failed(call.sent);
                if (called) {
                    run.missed(api, failure);
                }
                if (called && isAway() || failure instanceof CredentialsRefused) {
                    restart();
                }
            }
            rateLimiter.setRate(limits.rate().getRate());
            refusals().tell(limits, now);
            slots--;
            // Only the contract whose token was refused may ask again; the others wait for what comes of it.
            Job doubted = credentialsInDoubt;
            boolean tokenRefused = failure instanceof CredentialsRefused refused && (refused.isRepeatable() || !refused.isAboutRecord());
            credentialsInDoubt = tokenRefused ? run : null;
            if (doubted != credentialsInDoubt) {
                changed.signalAll();
            } else {
                wake();
            }
            if (called) {
                run.callsOf(api).add(took, limits, concurrency, requestsPerSecond);
            }
        } finally {
            lock.unlock();
        }
        if (called) {
            meters.called(exchange, failure, took);
            if (call.inquiry != null) {
                call.inquiry.asked();
            }
            if (failure != null && !(failure instanceof RequestRefused) && call.inquiry != null) {
                call.inquiry.countAttempt(period.get(), call.sent.getAt());
            }
            run.standing(api).note(exchange.getVariable("id", String.class), call.inquiry, call.sent.getAt(), failure);
        }
    }

    /**
     * @param asWanted whether with what was asked for; an API that finds fault with each record need not be asked by many
     */
    private void answered(Job run, SentCall sent, boolean asWanted, long now) {
        proven |= asWanted;
        if (proven) {
            limits.answered(sent, now);
        } else {
            limits.failed(sent);
        }
        pause.answered();
        run.answered(api);
    }

    private void refused(Job run, Refusal refusal, SentCall sent, long now) {
        AdaptiveLimits.Lesson lesson = limits.refused(sent, refusal.limit(), refusal.nanos(maxWait), now);
        run.callsOf(api).addRefused(lesson.limit());
        long paused = lesson.pause() || refusal.namesTime() ? pause.begin(refusal, maxWait, sent.getAt(), now) : 0;
        refusals().refused(refusal, paused, now);
    }

    /** The API has to show anew that it answers, beginning with one call. */
    private void restart() {
        proven = false;
        limits.concurrency().restart();
    }

    private RefusalLog refusals() {
        if (refusals == null) {
            refusals = new RefusalLog(api, concurrency, requestsPerSecond);
        }
        return refusals;
    }

    /** Calls that wait for the API's answer. */
    int getInFlight() {
        return (int) locked(limits::getInFlight);
    }

    /** Most calls in flight that the API bears at present. */
    int getLimit() {
        return (int) locked(() -> limits.concurrency().getLimit());
    }

    /** Most calls a second that the API bears at present. */
    double getRate() {
        lock.lock();
        try {
            return limits.rate().getRate();
        } finally {
            lock.unlock();
        }
    }

    /** Most calls in flight that the settings allow. */
    int getConcurrency() {
        return concurrency;
    }

    /** Most calls a second that the settings allow. */
    double getRequestsPerSecond() {
        return requestsPerSecond;
    }

    /**
     * The state of the breaker while a call is wanted. A breaker closes by an answer only, so it stays half open where the last
     * job has ended without one; that says nothing about the API, and counts as closed.
     *
     * @param jobs that may want a call
     */
    CircuitBreaker.State breakerState(Collection<? extends Job> jobs) {
        CircuitBreaker.State state = breaker().map(CircuitBreaker::getState).orElse(CircuitBreaker.State.CLOSED);
        return isWanted(jobs) ? state : CircuitBreaker.State.CLOSED;
    }

    /** Whether a call waits for its slot or its answer, or one of the jobs will call again since its last call was not answered. */
    private boolean isWanted(Collection<? extends Job> jobs) {
        return locked(() -> waiting + limits.getInFlight()) > 0 || jobs.stream().anyMatch(job -> !job.isStopped() && job.isWaitingFor(api));
    }

    /** How often no call was made for a while, since the API had refused calls. */
    long getPauses() {
        return locked(pause::getCount);
    }

    /** How long that was until now, all together. */
    long getPausedNanos() {
        return locked(() -> pause.getNanos(System.nanoTime()));
    }

    private long locked(LongSupplier value) {
        lock.lock();
        try {
            return value.getAsLong();
        } finally {
            lock.unlock();
        }
    }

    /** How the API is doing, and what it was asked for the run. */
    ApiState stateFor(Job run) {
        lock.lock();
        try {
            long left = TimeUnit.NANOSECONDS.toMillis(pause.left(System.nanoTime()));
            boolean open = breakerState(List.of(run)) != CircuitBreaker.State.CLOSED;
            ApiState.State state = open ? ApiState.State.OPEN : left > 0 ? ApiState.State.PAUSED : ApiState.State.OK;
            Calls calls = run.callsOf(api);
            return new ApiState(
                    api,
                    state,
                    state == ApiState.State.PAUSED ? (left + 999) / 1000 : 0,
                    limits.getInFlight(),
                    limits.concurrency().getLimit(),
                    concurrency,
                    requestsPerSecond,
                    limits.rate().getRate(),
                    calls.getCount(),
                    calls.getSeconds(),
                    run.outage(api));
        } finally {
            lock.unlock();
        }
    }
}
