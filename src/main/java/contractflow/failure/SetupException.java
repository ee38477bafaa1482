package contractflow.failure;

/**
 * The process cannot start as it is set up. The message says what is wrong, where, and what to do; there is no need of a stack
 * trace.
 */
public class SetupException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public SetupException(String message) {
        super(message);
    }

    public SetupException(String message, Throwable cause) {
        super(message, cause);
    }
}
