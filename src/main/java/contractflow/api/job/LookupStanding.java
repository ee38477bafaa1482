package contractflow.api.job;

/** What an API has answered a job that asked it for many records in a call. */
public final class LookupStanding {

    private int most = Integer.MAX_VALUE;
    private boolean everAnswered;
    private int unexpected;

    /** Most records that are worth asking for in a call. */
    public synchronized int getMost() {
        return most;
    }

    /**
     * No more than so many are answered in a call.
     *
     * @return whether more were asked for until now
     */
    public synchronized boolean reduceTo(int records) {
        boolean less = records < most;
        most = Math.min(most, records);
        return less;
    }

    /** A lookup was answered with what was asked for. */
    public synchronized void answered() {
        everAnswered = true;
    }

    /**
     * A lookup was answered with something else than was asked for.
     *
     * @return how many were, their parts not counted
     */
    public synchronized int countUnexpected(boolean isPart) {
        unexpected += isPart ? 0 : 1;
        return unexpected;
    }

    public synchronized boolean hasEverAnswered() {
        return everAnswered;
    }
}
