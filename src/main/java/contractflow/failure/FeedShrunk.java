package contractflow.failure;

/** The feed is so much smaller than usual that part of it seems to be missing. */
public final class FeedShrunk extends FeedUnreadable {

    private static final long serialVersionUID = 1L;

    public FeedShrunk(String message) {
        super(message);
    }
}
