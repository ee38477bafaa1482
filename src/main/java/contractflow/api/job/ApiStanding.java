package contractflow.api.job;

import contractflow.contract.CallAttempts;
import contractflow.contract.Contract;
import contractflow.contract.Lookup;
import contractflow.failure.api.InvalidRecord;
import contractflow.failure.api.Unauthorized;
import java.util.HashSet;
import java.util.Set;

/**
 * What an API has answered a job of late: the records that it has refused since it last answered with one, and whether others were
 * answered at the time of a call that was refused. Times are those of {@link System#nanoTime()}.
 */
public final class ApiStanding {

    /** What the answers to others say of a call that was refused. */
    public enum Others {
        /** Another call that began later was answered. */
        ANSWERED,
        /** It was refused while nothing was answered. */
        REFUSED,
        /** Nothing yet. */
        UNKNOWN
    }

    /** Most records that are remembered. */
    private static final int MOST = 100;

    private final Set<String> refused = new HashSet<>();
    private final Set<String> reasons = new HashSet<>();
    private Contract lastAnswered;
    private boolean everAnswered;
    private long lastAnsweredStart;
    private boolean inOutage;
    private boolean hadOutage;
    private long outageEnd;
    private long lastEnd = System.nanoTime();

    /**
     * A call has ended.
     *
     * @param id of the record; null where a page was asked for
     * @param asked what was asked for, or null
     * @param failure null where the answer was what was asked for
     */
    public synchronized void note(String id, CallAttempts.Counted asked, long startedAt, Throwable failure) {
        Contract contract = asked == null ? null : asked.answeredContract();
        boolean ofMany = asked instanceof Lookup;
        if (ofMany && (contract == null || failure != null)) {
            // Of no single record it says anything: which of them are missing or refused is asked one by one.
            lastEnd = System.nanoTime();
        } else if (failure == null) {
            if (!everAnswered || startedAt - lastAnsweredStart > 0) {
                lastAnsweredStart = startedAt;
            }
            everAnswered = true;
            refused.clear();
            reasons.clear();
            if (contract != null) {
                lastAnswered = new Contract(0, contract.getContractId(), contract.getCustomerId());
            }
        } else if ((failure instanceof InvalidRecord || failure instanceof Unauthorized) && refused.size() < MOST) {
            refused.add(String.valueOf(id));
            reasons.add(
                    failure instanceof InvalidRecord rejected
                            ? rejected.getReason()
                            : ((Unauthorized) failure).getReason());
        }
        lastEnd = System.nanoTime();
        notifyAll();
    }

    /** When a call last ended. */
    public synchronized long getLastEnd() {
        return lastEnd;
    }

    /**
     * @param startedAt when the call began that was refused
     */
    public synchronized Others othersSince(long startedAt) {
        if (inOutage) {
            return Others.UNKNOWN;
        }
        if (hadOutage && outageEnd - startedAt > 0) {
            return Others.REFUSED;
        }
        return everAnswered && lastAnsweredStart - startedAt > 0 ? Others.ANSWERED : Others.UNKNOWN;
    }

    /** Whether a call was refused before, and others were answered that were made since then. */
    public boolean isRefusedAlone(CallAttempts attempts) {
        return attempts.getRefusals() > 0 && othersSince(attempts.getRefusedAt()) == Others.ANSWERED;
    }

    /** Waits for the end of another call, which may be missed: at most for so many milliseconds. */
    @SuppressWarnings("WaitNotInLoop") // the callers loop, with a deadline
    public synchronized void await(long millis) throws InterruptedException {
        wait(millis);
    }

    /** Records that were refused since one was last answered. */
    public synchronized int getRefused() {
        return refused.size();
    }

    /** Whether several records were refused since one was last answered, all of them for the same reason. */
    public synchronized boolean areRefusedAlike() {
        return refused.size() > 1 && reasons.size() == 1;
    }

    /** Whether it has ever answered the job with what was asked for. */
    public synchronized boolean hasEverAnswered() {
        return everAnswered;
    }

    /** A record that it has answered; null where there is none. */
    public synchronized Contract getLastAnswered() {
        return lastAnswered;
    }

    /** From now on, no answer says anything of a call that was refused. */
    public synchronized void beginOutage() {
        inOutage = true;
    }

    /** What was refused until now was refused by the service; nothing where no outage has begun. */
    public synchronized void endOutage() {
        if (inOutage) {
            inOutage = false;
            hadOutage = true;
            outageEnd = System.nanoTime();
            notifyAll();
        }
    }
}
