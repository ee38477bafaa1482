package contractflow.failure;

/** The database refuses this process in mid-run, so that the run can be neither finished nor closed; the next start resumes it. */
public final class RunLeftOpen extends SetupException {

    private static final long serialVersionUID = 1L;

    public RunLeftOpen(String message, Throwable cause) {
        super(message, cause);
    }
}
