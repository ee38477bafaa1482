package contractflow.page;

/** A request to the server that cannot be answered as it was made. The message says what to do. */
public final class HttpError extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;

    /**
     * @param status of HTTP
     */
    public HttpError(int status, String message) {
        super(message);
        this.status = status;
    }

    public int getStatus() {
        return status;
    }
}
