package contractflow.failure;

/** Another process works on the feed. The message says which. */
public final class FeedInUse extends Exception {

    private static final long serialVersionUID = 1L;

    public FeedInUse(String message) {
        super(message);
    }
}
