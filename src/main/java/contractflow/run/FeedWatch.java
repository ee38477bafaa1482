package contractflow.run;

import contractflow.api.job.Job;
import contractflow.failure.FeedChanged;
import contractflow.feed.Feed;
import contractflow.feed.FeedContent;
import contractflow.feed.FileState;
import java.io.IOException;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees whether the file of a feed is still what was read of it. */
public final class FeedWatch {

    private static final Logger LOG = LoggerFactory.getLogger(FeedWatch.class);

    /**
     * The rows are in the database, and no API was called yet.
     *
     * @throws FeedChanged where they are not all that the feed was going to have
     */
    public void stored(@Variable("feed") Feed feed) {
        if (feed.content().compareIfReadable(feed.path()) == FeedContent.Fate.CHANGED) {
            throw new FeedChanged(feed.path().getFileName());
        }
    }

    /** Stops a run whose feed goes on being written. The content is read only where the file says that it is another one. */
    public void look(@Variable("run") Job job) {
        if (job instanceof Run run && run.getFeed().isFile() && run.hasNewFileState(state(run))) {
            compare(run);
        }
    }

    /** The last contract is through: whether the run may be complete. */
    public void last(@Variable("run") Run run) {
        if (run.getFeed().isFile()) {
            compare(run);
        }
    }

    private static FileState state(Run run) {
        try {
            return FileState.of(run.getFeed().path());
        } catch (IOException e) {
            return null;
        }
    }

    private static void compare(Run run) {
        Feed feed = run.getFeed();
        FeedContent.Fate fate = feed.content().compareIfReadable(feed.path());
        if (!run.setFeedFate(fate)) {
            return;
        }
        switch (fate) {
            case CHANGED -> LOG.warn("{} stops: {} has changed since it was read", run, feed.name());
            case REPLACED ->
                LOG.warn(
                        "{}: {} was replaced by another file, which is a feed of its own; the run goes on with what it has read",
                        run,
                        feed.name());
            case DELETED ->
                LOG.warn(
                        "{}: {} was deleted, so there is nothing to archive; the run goes on with what it has read",
                        run,
                        feed.name());
            default -> LOG.info("{}: {} is again what was read", run, feed.name());
        }
    }
}
