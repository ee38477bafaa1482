package contractflow.failure.api;

/** The API is at fault; asking again may help. Timeouts and broken connections are the same, as {@link java.io.IOException}. */
public final class ServiceUnavailable extends ApiException {

    private static final long serialVersionUID = 1L;

    private final int status;

    /**
     * @param status of the answer that is none
     */
    public ServiceUnavailable(String message, int status) {
        super(message);
        this.status = status;
    }

    public int getStatus() {
        return status;
    }
}
