package contractflow;

/** What the process says to whoever started it. */
final class ExitCode {

    /** Every contract is loaded or unchanged. */
    static final int ALL_LOADED = 0;

    /** Bad configuration, an unreadable feed, or a feed that another process has. */
    static final int COULD_NOT_RUN = 1;

    /** Finished, with dead letters. */
    static final int DEAD_LETTERS = 2;

    /** Run it again to resume. */
    static final int INCOMPLETE = 3;

    private ExitCode() {}
}
