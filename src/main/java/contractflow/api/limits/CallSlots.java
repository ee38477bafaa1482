package contractflow.api.limits;

import contractflow.api.adaptive.AdaptiveLimits;
import contractflow.api.adaptive.SentCall;
import contractflow.api.job.Job;
import contractflow.contract.CallAttempts;
import contractflow.failure.RunStopped;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** The slots of one API's calls, and which call may go next. */
final class CallSlots {

    /** Waiting threads look around this often, since a breaker half-opens without telling. */
    private static final long LOOK_AROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** How long contracts in flight may go on waiting for their call once their run is stopped. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    /** How long after a pause the call that was refused lets others go first. */
    private static final long YIELD_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String api;
    private final ReentrantLock lock;
    private final Condition changed;
    private final LearntLimits learnt;
    private final ApiBreaker breaker;
    private final ProbeState probe;
    private final SlidingWindowRateLimiter rateLimiter;
    private final Supplier<Duration> maxWait;
    private int taken;
    private int waiting;
    private Job reauthenticating;
    private CallAttempts refusedLast;

    /**
     * @param lock that guards what was learnt, and the slots
     * @param maxWait how long a run waits for the API before it ends incomplete
     */
    CallSlots(
            String api,
            ReentrantLock lock,
            LearntLimits learnt,
            ApiBreaker breaker,
            ProbeState probe,
            SlidingWindowRateLimiter rateLimiter,
            Supplier<Duration> maxWait) {
        this.api = api;
        this.lock = lock;
        this.learnt = learnt;
        this.breaker = breaker;
        this.probe = probe;
        this.rateLimiter = rateLimiter;
        this.maxWait = maxWait;
        changed = lock.newCondition();
    }

    /** Calls that wait for their slot. The lock is held. */
    int getWaiting() {
        return waiting;
    }

    /**
     * Waits for a slot and for a permit of the rate.
     *
     * @param attempts whose attempt it is, or null
     * @param probing whether it asks whether the API is unavailable, ahead of all others
     * @throws RunStopped where the run ends before there is one; this also ends a run that has waited too long for the API
     */
    SentCall acquire(Job run, CallAttempts attempts, boolean probing) throws InterruptedException {
        boolean again = probing || attempts != null && attempts.getCount() > 0;
        SentCall sent;
        do {
            take(run, attempts, again, probing);
            sent = send();
        } while (sent == null);
        return sent;
    }

    private void take(Job run, CallAttempts attempts, boolean again, boolean probing) throws InterruptedException {
        lock.lockInterruptibly();
        waiting++;
        try {
            while (true) {
                giveUpWaiting(run);
                learnt.log(System.nanoTime());
                throwIfStopped(run, again);
                boolean mayGo = (again || reauthenticating != run)
                        && (probing || !probe.isAwaited(breaker, learnt))
                        && (probing || attempts == null || attempts != refusedLast || !letsOthersGoFirst());
                if (mayGo && isOpen() && hasFreeSlot()) {
                    break;
                }
                changed.awaitNanos(LOOK_AROUND_NANOS);
            }
            taken++;
        } finally {
            waiting--;
            lock.unlock();
        }
    }

    /** A pause that has begun in time is waited for, and so is the call that shows whether it helped. */
    private void giveUpWaiting(Job run) {
        boolean untested = learnt.isPauseUntested(System.nanoTime())
                && !run.hasWaited(api, maxWait.get(), learnt.pause().getStart());
        if (!untested) {
            run.giveUpWaiting(api, maxWait.get());
        }
    }

    /** Whether others go before the call that was refused last: they show whether the API refuses all. */
    private boolean letsOthersGoFirst() {
        return waiting > 1 && -learnt.pause().left(System.nanoTime()) < YIELD_NANOS;
    }

    private void throwIfStopped(Job run, boolean again) {
        if (run.isStopped()
                && (again || run.hasGivenUp(api) || !isOpen() || reauthenticating == run || run.isStoppedFor(GRACE))) {
            throw new RunStopped(run.getStopReason());
        }
    }

    private boolean isOpen() {
        return learnt.pause().isOver(System.nanoTime()) && !breaker.isOpen();
    }

    private boolean hasFreeSlot() {
        return taken < learnt.limits().concurrency().getLimit();
    }

    /** Waits for the rate; null, and without the slot, where the API has refused calls or failed meanwhile. */
    private SentCall send() throws InterruptedException {
        boolean sent = false;
        try {
            boolean paced = rateLimiter.acquire();
            lock.lockInterruptibly();
            try {
                AdaptiveLimits limits = learnt.limits();
                sent = isOpen() && limits.getInFlight() < limits.concurrency().getLimit();
                return sent ? limits.sent(paced, System.nanoTime()) : null;
            } finally {
                lock.unlock();
            }
        } finally {
            if (!sent) {
                lock.lock();
                try {
                    taken--;
                    wake();
                } finally {
                    lock.unlock();
                }
            }
        }
    }

    /** Signals one waiter per free slot; the others look around by themselves. */
    private void wake() {
        for (int free = learnt.limits().concurrency().getLimit() - taken;
                free > 0 && lock.hasWaiters(changed);
                free--) {
            changed.signal();
        }
    }

    /**
     * Gives a slot back. The lock is held.
     *
     * @param tokenRefused whether only the contract whose token was refused may ask again, and the others wait for what comes of it
     */
    void release(Job run, boolean tokenRefused) {
        taken--;
        Job doubted = reauthenticating;
        reauthenticating = tokenRefused ? run : null;
        if (doubted != reauthenticating) {
            changed.signalAll();
        } else {
            wake();
        }
    }

    /**
     * The lock is held.
     *
     * @param attempts whose call was refused last; null where none was since the API has answered
     */
    void setRefusedLast(CallAttempts attempts) {
        refusedLast = attempts;
    }

    /** The credentials are good: it was the record whose token was refused that is at fault. */
    void endDoubt(Job run) {
        lock.lock();
        try {
            if (reauthenticating == run) {
                reauthenticating = null;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }
}
