package contractflow;

/** The database refuses this process in mid-run, so that the run can be neither finished nor closed; the next start resumes it. */
final class RunLeftOpen extends SetupException {

    private static final long serialVersionUID = 1L;

    RunLeftOpen(String message, Throwable cause) {
        super(message, cause);
    }
}
