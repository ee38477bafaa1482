package contractflow.config;

import org.slf4j.MDC;

/** What each line of the log is about, by the names that the log has it under. */
public final class LogContext {

    public static final String RUN = "run";
    public static final String CONTRACT = "contract";

    private LogContext() {}

    /** The run that the thread works on; null for none. */
    public static void setRun(Long id) {
        if (id == null) {
            MDC.remove(RUN);
        } else {
            MDC.put(RUN, String.valueOf(id));
        }
    }
}
