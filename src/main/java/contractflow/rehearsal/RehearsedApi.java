package contractflow.rehearsal;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What a simulated API saw of a run, and which fault it has. The routes of the rehearsal call it with each call. */
public final class RehearsedApi {

    /** Calls that the API accepts at once while it has {@link Fault#LOWER_LIMIT}. */
    static final int BORNE = 2;

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Map<String, Integer> answers = new HashMap<>();
    private final Deque<Long> lastSecond = new ArrayDeque<>();
    private Fault fault = Fault.NONE;
    private long faultNanos;
    private long faultEnd;
    private int recordsBefore;
    private int asked;
    private CompletableFuture<Void> begun = new CompletableFuture<>();
    private int inFlight;
    private int calls;
    private int refused;
    private int mostAtOnce;
    private int mostInASecond;

    /**
     * Forgets what it saw.
     *
     * @param next its fault from when so many records were asked for
     * @param seconds how long it has it
     * @param records asked for until then
     */
    synchronized void reset(Fault next, int seconds, int records) {
        fault = next;
        faultNanos = seconds * SECOND;
        faultEnd = 0;
        recordsBefore = records;
        begun = new CompletableFuture<>();
        asked = 0;
        calls = 0;
        refused = 0;
        mostAtOnce = 0;
        mostInASecond = 0;
        lastSecond.clear();
        answers.clear();
    }

    /** Complete when so many records were asked for as a fault waits for. */
    synchronized CompletableFuture<Void> begun() {
        return begun;
    }

    /** A call comes in. */
    synchronized Fault begin(int records) {
        long now = System.nanoTime();
        calls++;
        inFlight++;
        asked += records;
        while (!lastSecond.isEmpty() && now - lastSecond.peekFirst() >= SECOND) {
            lastSecond.removeFirst();
        }
        lastSecond.addLast(now);
        mostInASecond = Math.max(mostInASecond, lastSecond.size());
        mostAtOnce = Math.max(mostAtOnce, inFlight);
        Fault answer = faultAt(now);
        if (answer != Fault.NONE) {
            // It is answered at once.
            refused++;
            inFlight--;
        }
        if (asked >= recordsBefore) {
            begun.complete(null);
        }
        return answer;
    }

    private Fault faultAt(long now) {
        if (fault == Fault.LOWER_LIMIT) {
            return inFlight > BORNE ? fault : Fault.NONE;
        }
        if (fault == Fault.NONE || asked < recordsBefore) {
            return Fault.NONE;
        }
        if (faultEnd == 0) {
            faultEnd = now + faultNanos;
        }
        return now - faultEnd < 0 ? fault : Fault.NONE;
    }

    /** A call is about to be answered. */
    synchronized void end(Collection<String> answered) {
        inFlight--;
        answered.forEach(id -> answers.merge(id, 1, Integer::sum));
    }

    synchronized int getCalls() {
        return calls;
    }

    synchronized int getRefused() {
        return refused;
    }

    synchronized int getMostAtOnce() {
        return mostAtOnce;
    }

    synchronized int getMostInASecond() {
        return mostInASecond;
    }

    /** How often a record was answered that had been answered before. */
    synchronized int getRepeated() {
        return answers.values().stream().mapToInt(times -> times - 1).sum();
    }
}
