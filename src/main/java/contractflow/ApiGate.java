package contractflow;

import com.netflix.concurrency.limits.limit.AIMDLimit;
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
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.support.CamelContextHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to one API: a call enters when there is a slot for it and its turn in the rate has come, and leaves with its outcome.
 * While the API refuses calls or its breaker is open, nobody enters; after that, and at the very first, one call goes ahead
 * alone, and the others follow when it was answered.
 */
public final class ApiGate implements CamelContextAware {

    private static final Logger LOG = LoggerFactory.getLogger(ApiGate.class);
    private static final String CALL = "contractflow.call";

    /** Waiting threads look around this often, since a breaker half-opens without telling. */
    private static final long LOOK_AROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final Duration MUCH_LONGER = Duration.ofSeconds(5);

    /** How long contracts in flight may go on waiting for a turn once their run is stopped. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    private final AtomicInteger period = new AtomicInteger();
    private final AtomicBoolean askingWitness = new AtomicBoolean();

    private String api;
    private String route;
    private Duration maxWait;
    private Pace pace;
    private int concurrency;
    private double requestsPerSecond;
    private AIMDLimit limit;
    private CamelContext camel;
    private volatile CircuitBreaker breaker;
    private volatile ApiMeters meters = new ApiMeters("", new CompositeMeterRegistry());
    private int waiting;
    private int inFlight;
    private boolean proven;
    private Job credentialsInDoubt;
    private long pauseStart = System.nanoTime();
    private long pauseEnd = pauseStart;
    private int pauses;
    private long pausesInAll;
    private long pauseNanosInAll;

    /**
     * A call that has entered and not left.
     *
     * @param inquiry whose attempt it is; null where it is nobody's
     */
    private record Call(Inquiry inquiry, long enteredAt) {}

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
        limit = AIMDLimit.newBuilder()
                .initialLimit(concurrency)
                .minLimit(1)
                .maxLimit(concurrency)
                .timeout(1, TimeUnit.DAYS)
                .build();
    }

    /**
     * @param requestsPerSecond most calls that enter in any second; they enter evenly, since an API that counts over a sliding
     *     window refuses a burst
     */
    public void setRequestsPerSecond(double requestsPerSecond) {
        this.requestsPerSecond = requestsPerSecond;
        pace = new Pace(requestsPerSecond, Pace.Clock.SYSTEM);
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
     * Waits for a slot and a turn.
     *
     * @throws RunStopped where the run ends before there is one; this also ends a run that has waited too long for the API
     */
    public void enter(Exchange exchange) throws InterruptedException {
        Job run = exchange.getVariable("run", Job.class);
        Inquiry inquiry = exchange.getVariable("contract", Inquiry.class);
        boolean again = inquiry != null && inquiry.getAttempts() > 0;
        while (true) {
            takeSlot(run, again, exchange.getVariable("witness") != null);
            try {
                pace.takeTurn();
            } catch (InterruptedException e) {
                giveSlotBack();
                throw e;
            }
            if (isOpen()) {
                break;
            }
            // The API has gone away while this call waited for its turn.
            giveSlotBack();
        }
        // A redelivery leaves the last failure here, which is not this call's.
        exchange.removeProperty(Exchange.EXCEPTION_CAUGHT);
        exchange.setProperty(CALL, new Call(inquiry, System.nanoTime()));
        if (inquiry != null && inquiry.wasAsked() && exchange.getVariable("witness") == null) {
            meters.retried();
        }
    }

    private void takeSlot(Job run, boolean again, boolean witness) throws InterruptedException {
        lock.lockInterruptibly();
        waiting++;
        try {
            while (true) {
                run.giveUpWaiting(api, maxWait);
                leaveStopped(run, again);
                boolean mayGo = (again || credentialsInDoubt != run) && (witness || !isWitnessAwaited());
                if (mayGo && isOpen() && inFlight < limit()) {
                    break;
                }
                changed.awaitNanos(LOOK_AROUND_NANOS);
            }
            inFlight++;
        } finally {
            waiting--;
            lock.unlock();
        }
    }

    private void leaveStopped(Job run, boolean again) {
        if (run.isStopped() && (again || !isOpen() || credentialsInDoubt == run || run.isStoppedFor(GRACE))) {
            throw new RunStopped(run.getStopReason());
        }
    }

    private boolean isOpen() {
        return System.nanoTime() - pauseEnd >= 0
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
            case CLOSED_TO_OPEN -> LOG.warn("{} seems away: one call at a time asks whether it answers again", api);
            case HALF_OPEN_TO_CLOSED -> LOG.info("{} answers", api);
            default -> LOG.debug("{}: {}", api, transition);
        }
    }

    /** Whether the API has failed so often that it is asked by one call at a time. */
    boolean isAway() {
        return breaker().map(b -> b.getState() != CircuitBreaker.State.CLOSED).orElse(false);
    }

    /** While a witness is being asked whether the API is away, nobody else's failure could tell. */
    private boolean isWitnessAwaited() {
        return askingWitness.get() && isAway();
    }

    /** Whether the caller may ask a witness; one does at a time, and says when it has. */
    boolean askWitness() {
        return askingWitness.compareAndSet(false, true);
    }

    void witnessAsked() {
        askingWitness.set(false);
    }

    /** Not even a witness is answered: what failed until now says nothing about any record. */
    void confirmOutage() {
        period.incrementAndGet();
    }

    private void giveSlotBack() {
        lock.lock();
        try {
            inFlight--;
            wake();
        } finally {
            lock.unlock();
        }
    }

    /** As many as there are slots for; who may not go yet for another reason looks around by itself. */
    private void wake() {
        for (int free = limit() - inFlight; free > 0 && lock.hasWaiters(changed); free--) {
            changed.signal();
        }
    }

    private int limit() {
        return proven ? limit.getLimit() : 1;
    }

    /** Gives the slot back and takes note of how the call ended. Stands in the {@code doFinally} of the call. */
    public void leave(Exchange exchange) {
        Job run = exchange.getVariable("run", Job.class);
        Call call = exchange.getProperty(CALL, Call.class);
        long took = System.nanoTime() - call.enteredAt;
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        boolean called = !(failure instanceof CallNotPermittedException);
        lock.lock();
        try {
            if (failure == null || failure instanceof RecordRejected) {
                answered(run, call.enteredAt, took);
            } else if (failure instanceof RequestRefused refused) {
                refused(run, refused, call.enteredAt, took);
            } else if (called) {
                proven = proven && !isAway();
                run.missed(api, failure);
            }
            if (failure instanceof CredentialsRefused) {
                proven = false;
            }
            inFlight--;
            // Only the contract whose token was refused may ask again; the others wait for what comes of it.
            Job doubted = credentialsInDoubt;
            credentialsInDoubt = failure instanceof CredentialsRefused ? run : null;
            if (doubted != credentialsInDoubt) {
                changed.signalAll();
            } else {
                wake();
            }
        } finally {
            lock.unlock();
        }
        if (called) {
            run.called(api, took);
            meters.called(exchange, failure, took);
            if (call.inquiry != null) {
                call.inquiry.asked();
            }
            if (failure != null && !(failure instanceof RequestRefused) && call.inquiry != null) {
                call.inquiry.countAttempt(period.get(), call.enteredAt);
            }
        }
    }

    private void answered(Job run, long enteredAt, long took) {
        limit.onSample(enteredAt, took, inFlight, false);
        proven = true;
        if (enteredAt - pauseStart > 0) {
            pauses = 0;
        }
        run.answered(api);
    }

    private void refused(Job run, RequestRefused refused, long enteredAt, long took) {
        run.missed(api, refused);
        limit.onSample(enteredAt, took, inFlight, true);
        // Calls that were on their way when the pause began say nothing new.
        boolean grow = enteredAt - pauseStart > 0;
        if (!grow && refused.getRetryAfter() == null) {
            return;
        }
        if (grow) {
            pauses++;
        }
        Duration pause = pauseFor(refused.getRetryAfter());
        long now = System.nanoTime();
        long longer = now + pause.toNanos() - pauseEnd;
        if (longer > 0) {
            boolean goesOn = pauseEnd - now > 0;
            pausesInAll += goesOn ? 0 : 1;
            pauseNanosInAll += goesOn ? longer : pause.toNanos();
            pauseStart = now;
            pauseEnd = now + pause.toNanos();
            // The other calls in flight are refused as well, which makes it longer by next to nothing.
            if (!goesOn || longer > MUCH_LONGER.toNanos()) {
                LOG.info(
                        "{} asks to go slower: nothing is asked for {} ms, then {} at a time",
                        api,
                        pause.toMillis(),
                        limit.getLimit());
            }
        }
    }

    private Duration pauseFor(Duration retryAfter) {
        // An API that refuses and says that it need not wait, or names a time that is past on our clock, has said nothing.
        boolean said = retryAfter != null && !retryAfter.isZero();
        Duration pause = said ? retryAfter : Backoff.fullJitter(FIRST_PAUSE, pauses, LONGEST_PAUSE);
        return pause.compareTo(maxWait) > 0 ? maxWait : pause;
    }

    /** Calls that wait for the API's answer. */
    int getInFlight() {
        return locked(() -> inFlight);
    }

    /** Most calls in flight that the API bears at present. */
    int getLimit() {
        return limit.getLimit();
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
        return locked(() -> waiting + inFlight > 0) || jobs.stream().anyMatch(job -> !job.isStopped() && job.isWaitingFor(api));
    }

    /** How often nobody was let in for a while, since the API had refused calls. */
    long getPauses() {
        return locked(() -> pausesInAll);
    }

    /** How long that was until now, all together. */
    long getPausedNanos() {
        return locked(() -> pauseNanosInAll - Math.max(0, pauseEnd - System.nanoTime()));
    }

    private <T> T locked(Supplier<T> value) {
        lock.lock();
        try {
            return value.get();
        } finally {
            lock.unlock();
        }
    }

    /** How the API is doing, and what it was asked for the run. */
    ApiState stateFor(Job run) {
        lock.lock();
        try {
            long left = TimeUnit.NANOSECONDS.toMillis(pauseEnd - System.nanoTime());
            boolean open = breakerState(List.of(run)) != CircuitBreaker.State.CLOSED;
            ApiState.State state = open ? ApiState.State.OPEN : left > 0 ? ApiState.State.PAUSED : ApiState.State.OK;
            Job.Calls calls = run.callsOf(api);
            return new ApiState(
                    api,
                    state,
                    state == ApiState.State.PAUSED ? (left + 999) / 1000 : 0,
                    inFlight,
                    limit.getLimit(),
                    concurrency,
                    requestsPerSecond,
                    calls.getCount(),
                    calls.getSeconds());
        } finally {
            lock.unlock();
        }
    }
}
