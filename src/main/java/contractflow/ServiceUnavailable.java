package contractflow;

/** The API is at fault; asking again may help. Timeouts and broken connections are the same, as {@link java.io.IOException}. */
public final class ServiceUnavailable extends ApiException {

    private static final long serialVersionUID = 1L;

    public ServiceUnavailable(String message) {
        super(message);
    }
}
