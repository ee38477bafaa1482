package contractflow.failure;

/** The run takes on no more work; the contract stays pending, for the next start. */
public final class RunStopped extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public RunStopped(String reason) {
        super(reason);
    }
}
