package contractflow;

import org.slf4j.MDC;

/** What each line of the log is about, by the names that the log has it under. */
final class LogContext {

    static final String RUN = "run";
    static final String CONTRACT = "contract";

    private LogContext() {}

    /** The run that the thread works on; null for none. */
    static void setRun(Long id) {
        if (id == null) {
            MDC.remove(RUN);
        } else {
            MDC.put(RUN, String.valueOf(id));
        }
    }
}
