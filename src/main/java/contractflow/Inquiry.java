package contractflow;

import com.fasterxml.jackson.annotation.JsonIgnore;

/** What an API is asked for, a contract or a page of a query, and how often in vain. */
public abstract class Inquiry {

    private int attempts;
    private boolean credentialsRepeated;
    private boolean asked;
    private int refusals;
    private int refusalsAlone;
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
        this.period = period;
        lastTryAt = startedAt;
    }

    /** Whether the credentials were shown a second time already; asking is doing so. */
    boolean hasRepeatedCredentials() {
        boolean repeated = credentialsRepeated;
        credentialsRepeated = true;
        return repeated;
    }

    /** The present call was refused for going too fast; how often that was, so far. */
    int countRefusal() {
        return ++refusals;
    }

    /** It was refused while another one was answered right after it; how often that was, so far. */
    int countRefusalAlone() {
        return ++refusalsAlone;
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
    }
}
