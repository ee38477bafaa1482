package contractflow.feed;

import contractflow.api.job.Job;

/** Work on a feed, which one process does at a time. */
public abstract class FeedJob extends Job {

    private final Feed feed;

    public FeedJob(Feed feed) {
        this.feed = feed;
    }

    /** What it works on. */
    public Feed getFeed() {
        return feed;
    }
}
