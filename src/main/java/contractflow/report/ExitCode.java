package contractflow.report;

import java.util.Map;

/** The exit codes of the process. */
public final class ExitCode {

    /** Every contract is loaded or unchanged. */
    public static final int ALL_LOADED = 0;

    /** Bad configuration, an unreadable feed, or a feed that another process has. */
    public static final int COULD_NOT_RUN = 1;

    /** Finished, with dead letters. */
    public static final int DEAD_LETTERS = 2;

    /** Run it again to resume. */
    public static final int INCOMPLETE = 3;

    private ExitCode() {}

    /**
     * What a run has come to.
     *
     * @param run its row, as it was closed; null where another process has closed it
     */
    public static int of(Map<?, ?> run) {
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
