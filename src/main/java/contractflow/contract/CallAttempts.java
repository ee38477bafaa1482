package contractflow.contract;

import contractflow.failure.api.Refusal;
import org.apache.camel.Exchange;

/** How often an API was asked for something in vain: the attempts and the refusals of the present call. */
public final class CallAttempts {

    /** The variables that may hold what is asked for. A probe asks for one contract, whatever waits for it. */
    private static final String[] ASKED_FOR = {"contract", "lookup", "listPage"};

    private int count;
    private boolean credentialsRepeated;
    private boolean asked;
    private int refusals;
    private int refusalsAlone;
    private boolean lastKnownAlone;
    private int refusedAtOnce;
    private int refusedInSecond;
    private long refusedAt;
    private long firstTryAt;
    private boolean tried;
    private int period;
    private long lastTryAt;

    /** What an API is asked for: a contract, many of them, or a page of a query. */
    public interface Counted {
        CallAttempts attempts();

        /** How many records are asked for. */
        default int records() {
            return 1;
        }

        /** A contract that is answered; null where none is, or where it is not known whether one is. */
        default Contract answeredContract() {
            return null;
        }
    }

    /** Those of what is asked for with the exchange; null where nothing is that is counted. */
    public static CallAttempts of(Exchange exchange) {
        Counted asked = askedFor(exchange);
        return asked == null ? null : asked.attempts();
    }

    /** What is asked for with the exchange; null where nothing is that is counted. */
    public static Counted askedFor(Exchange exchange) {
        for (String variable : ASKED_FOR) {
            Counted asked = exchange.getVariable(variable, Counted.class);
            if (asked != null) {
                return asked;
            }
        }
        return null;
    }

    /**
     * Failed tries of the present call. Refusals for going too fast are not among them, nor is what failed in an outage.
     */
    public int getCount() {
        return count;
    }

    /** When the last failed try began, on the clock of {@link System#nanoTime()}. */
    public long getLastTryAt() {
        return lastTryAt;
    }

    /**
     * @param period of the API, between two outages: only the tries of one period say something together
     * @param startedAt on the clock of {@link System#nanoTime()}
     */
    public void add(int period, long startedAt) {
        count = period == this.period ? count + 1 : 1;
        firstTryAt = tried ? firstTryAt : startedAt;
        tried = true;
        this.period = period;
        lastTryAt = startedAt;
    }

    /** Whether the credentials were shown a second time already; asking is doing so. */
    public boolean hasRepeatedCredentials() {
        boolean repeated = credentialsRepeated;
        credentialsRepeated = true;
        return repeated;
    }

    /**
     * The present call was refused.
     *
     * @param alone whether others were answered since it was refused before
     * @param limit what it was too many of; null where that was not learnt
     */
    public void refused(long startedAt, boolean alone, Refusal.Limit limit) {
        refusals++;
        refusalsAlone += alone && !lastKnownAlone ? 1 : 0;
        lastKnownAlone = false;
        refusedAtOnce += limit == Refusal.Limit.CONCURRENCY ? 1 : 0;
        refusedInSecond += limit == Refusal.Limit.RATE ? 1 : 0;
        refusedAt = startedAt;
    }

    /** How often the present call was refused. */
    public int getRefusals() {
        return refusals;
    }

    /** How often the present call was refused while others were answered. */
    public int getRefusalsAlone() {
        return refusalsAlone;
    }

    /** Another one was answered right after the present call was refused. */
    public void refusedAlone() {
        refusalsAlone++;
        lastKnownAlone = true;
    }

    /** When the present call was refused last, on the clock of {@link System#nanoTime()}. */
    public long getRefusedAt() {
        return refusedAt;
    }

    /** How often the present call was one too many at once. */
    public int getRefusedAtOnce() {
        return refusedAtOnce;
    }

    /** How often the present call was one too many in a time. */
    public int getRefusedInSecond() {
        return refusedInSecond;
    }

    /** When the first try of the present call began that failed, on the clock of {@link System#nanoTime()}. */
    public long getFirstTryAt() {
        return firstTryAt;
    }

    /** Another contract of the customer has asked in the name of this one as well. */
    public void share(int count) {
        this.count = count;
    }

    /** A call was made for it. */
    public void asked() {
        asked = true;
    }

    /** Whether the present call was made before, and brought nothing. */
    public boolean wasAsked() {
        return asked;
    }

    public void forget() {
        count = 0;
    }

    /** The next call is another one. */
    void answered() {
        count = 0;
        credentialsRepeated = false;
        asked = false;
        refusals = 0;
        refusalsAlone = 0;
        lastKnownAlone = false;
        refusedAtOnce = 0;
        refusedInSecond = 0;
        tried = false;
    }
}
