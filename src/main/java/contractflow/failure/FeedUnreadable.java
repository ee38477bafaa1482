package contractflow.failure;

/** The feed as a whole cannot be worked on. The message says where and what to do. */
public sealed class FeedUnreadable extends RuntimeException permits FeedShrunk {

    private static final long serialVersionUID = 1L;

    public FeedUnreadable(String message) {
        super(message);
    }

    public FeedUnreadable(String message, Throwable cause) {
        super(message, cause);
    }
}
