package contractflow;

import com.fasterxml.jackson.annotation.JsonIgnore;

/** What an API is asked for, a contract or a page of a query, and how often in vain. */
public abstract class CallAttempts {

    private int attempts;
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

    /** The contract that is asked for; null where it is a page. */
    public abstract String getContractId();

    /** The customer that is asked for; null where it is a page. */
    public abstract String getCustomerId();

    /**
     * Failed tries of the present call. Refusals for going too fast are not among them, nor is what failed in an outage.
     */
    @JsonIgnore
    public int getAttempts() {
        return attempts;
    }

    /** When the last failed try began, on the clock of {@link System#nanoTime()}. */
    @JsonIgnore
    long getLastTryAt() {
        return lastTryAt;
    }

    /**
     * @param period of the API, between two outages: only the tries of one period say something together
     * @param startedAt on the clock of {@link System#nanoTime()}
     */
    void countAttempt(int period, long startedAt) {
        attempts = period == this.period ? attempts + 1 : 1;
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
    @JsonIgnore
    int getRefusals() {
        return refusals;
    }

    /** How often the present call was refused while others were answered. */
    @JsonIgnore
    int getRefusalsAlone() {
        return refusalsAlone;
    }

    /** Another one was answered right after the present call was refused. */
    void refusedAlone() {
        refusalsAlone++;
        lastKnownAlone = true;
    }

    /** Whether the present call was refused before, and others were answered that were made since then. */
    boolean isAlone(ApiStanding standing) {
        return refusals > 0 && standing.othersSince(refusedAt) == ApiStanding.Others.ANSWERED;
    }

    /** How often the present call was one too many at once. */
    @JsonIgnore
    int getRefusedAtOnce() {
        return refusedAtOnce;
    }

    /** How often the present call was one too many in a time. */
    @JsonIgnore
    int getRefusedInSecond() {
        return refusedInSecond;
    }

    /** When the first try of the present call began that failed, on the clock of {@link System#nanoTime()}. */
    @JsonIgnore
    long getFirstTryAt() {
        return firstTryAt;
    }

    /** Another contract of the customer has asked in the name of this one as well. */
    void shareAttempts(int attempts) {
        this.attempts = attempts;
    }

    /** A call was made for it. */
    void asked() {
        asked = true;
    }

    /** Whether the present call was made before, and brought nothing. */
    boolean wasAsked() {
        return asked;
    }

    void forgetAttempts() {
        attempts = 0;
    }

    /** The next call is another one. */
    void answered() {
        attempts = 0;
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
