package contractflow;

/** Work on a feed, which one process does at a time. */
public abstract class FeedJob extends Job {

    private final Feed feed;

    FeedJob(Feed feed) {
        this.feed = feed;
    }

    /** What it works on. */
    public Feed getFeed() {
        return feed;
    }
}
