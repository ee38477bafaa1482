package contractflow.failure.api;

/** A call that brought no answer. The message says which API, what it said, and the handle that its support asks for. */
public abstract class ApiException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    protected ApiException(String message) {
        super(message);
    }
}
