package contractflow;

import org.apache.camel.Exchange;

/** How often an API was asked for something in vain: the attempts and the refusals of the present call. */
public final class CallAttempts {

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

    /** What an API is asked for: a contract, or a page of a query. */
    interface Counted {
        CallAttempts attempts();
    }

    /** Those of what is asked for with the exchange; null where nothing is that is counted. */
    static CallAttempts of(Exchange exchange) {
        Counted asked = exchange.getVariable("contract", Counted.class);
        return asked == null ? null : asked.attempts();
    }

    /**
     * Failed tries of the present call. Refusals for going too fast are not among them, nor is what failed in an outage.
     */
    int getCount() {
        return count;
    }

    /** When the last failed try began, on the clock of {@link System#nanoTime()}. */
    long getLastTryAt() {
        return lastTryAt;
    }

    /**
     * @param period of the API, between two outages: only the tries of one period say something together
     * @param startedAt on the clock of {@link System#nanoTime()}
     */
    void add(int period, long startedAt) {
        count = period == this.period ? count + 1 : 1;
        firstTryAt = tried ? firstTryAt : startedAt;
        tried = true;
        this.period = period;
        lastTryAt = startedAt;
    }

    /** Whether the credentials were shown a second time already; asking is doing so. */
    boolean hasRepeatedCredentials() {
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
    void refused(long startedAt, boolean alone, Refusal.Limit limit) {
        refusals++;
        refusalsAlone += alone && !lastKnownAlone ? 1 : 0;
        lastKnownAlone = false;
        refusedAtOnce += limit == Refusal.Limit.CONCURRENCY ? 1 : 0;
        refusedInSecond += limit == Refusal.Limit.RATE ? 1 : 0;
        refusedAt = startedAt;
    }

    /** How often the present call was refused. */
    int getRefusals() {
        return refusals;
    }

    /** How often the present call was refused while others were answered. */
    int getRefusalsAlone() {
        return refusalsAlone;
    }

    /** Another one was answered right after the present call was refused. */
    void refusedAlone() {
        refusalsAlone++;
        lastKnownAlone = true;
    }

    /** When the present call was refused last, on the clock of {@link System#nanoTime()}. */
    long getRefusedAt() {
        return refusedAt;
    }

    /** How often the present call was one too many at once. */
    int getRefusedAtOnce() {
        return refusedAtOnce;
    }

    /** How often the present call was one too many in a time. */
    int getRefusedInSecond() {
        return refusedInSecond;
    }

    /** When the first try of the present call began that failed, on the clock of {@link System#nanoTime()}. */
    long getFirstTryAt() {
        return firstTryAt;
    }

    /** Another contract of the customer has asked in the name of this one as well. */
    void share(int count) {
        this.count = count;
    }

    /** A call was made for it. */
    void asked() {
        asked = true;
    }

    /** Whether the present call was made before, and brought nothing. */
    boolean wasAsked() {
        return asked;
    }

    void forget() {
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
