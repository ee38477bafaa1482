package contractflow;

import java.util.Map;

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

    /**
     * What a run has come to.
     *
     * @param run its row, as it was closed; null where another process has closed it
     */
    static int of(Map<?, ?> run) {
        if (run == null) {
            return COULD_NOT_RUN;
        }
        return switch (String.valueOf(run.get("status"))) {
            case "complete" -> ((Number) run.get("dead")).longValue() == 0 ? ALL_LOADED : DEAD_LETTERS;
            case "incomplete" -> INCOMPLETE;
            default -> COULD_NOT_RUN;
        };
    }
}
