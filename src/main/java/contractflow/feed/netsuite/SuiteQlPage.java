package contractflow.feed.netsuite;

import contractflow.contract.CallAttempts;

/** A page of the list of contracts, which begins behind a contract. */
public final class SuiteQlPage implements CallAttempts.Counted {

    private final long after;
    private final CallAttempts attempts = new CallAttempts();

    public SuiteQlPage(long after) {
        this.after = after;
    }

    /**
     * The number of the last contract of the page before. That it is a number is what makes it fit to be part of a query: an id
     * as NetSuite has written it never becomes one.
     */
    public long getAfter() {
        return after;
    }

    @Override
    public CallAttempts attempts() {
        return attempts;
    }

    @Override
    public int records() {
        return 0;
    }

    @Override
    public String toString() {
        return "the page after contract " + after;
    }
}
