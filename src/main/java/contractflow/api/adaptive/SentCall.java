package contractflow.api.adaptive;

/** A call to an API that was sent and is not answered, with what was on its way beside it. */
public final class SentCall {

    private final long at;
    private final boolean paced;
    private final boolean slotsFull;
    private final int level;
    private int beside;
    private int before;

    /**
     * @param at when, on the clock of {@link System#nanoTime()}
     * @param paced whether it had to wait for the rate
     * @param slotsFull whether no further call could be sent beside it
     * @param beside calls in flight when it was sent
     * @param before calls of the second before it that were not refused
     */
    SentCall(long at, boolean paced, boolean slotsFull, int beside, int before) {
        this.at = at;
        this.paced = paced;
        this.slotsFull = slotsFull;
        this.level = beside + 1;
        this.beside = beside;
        this.before = before;
    }

    public long getAt() {
        return at;
    }

    boolean isPaced() {
        return paced;
    }

    boolean isSlotsFull() {
        return slotsFull;
    }

    /** Calls in flight when it was sent, itself included. */
    public int getLevel() {
        return level;
    }

    /** Calls in flight when it was sent, without those that were refused since then. */
    int getBeside() {
        return beside;
    }

    /** Calls of the second before it was sent, without those that were refused. */
    int getBefore() {
        return before;
    }

    /** Of the calls that were in flight when it was sent, that one was refused. */
    void refusedBeside(SentCall other, long window) {
        if (at - other.at >= 0) {
            beside--;
            if (at - other.at < window) {
                before--;
            }
        }
    }
}
