package contractflow.run;

import contractflow.config.time.Durations;
import contractflow.failure.FeedChanged;
import contractflow.failure.FeedUnreadable;
import contractflow.feed.FileState;
import contractflow.feed.FoundFeed;
import contractflow.feed.folder.SettledFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits until a feed that is named by hand is completely written. */
public final class FeedSettling {

    private static final Logger LOG = LoggerFactory.getLogger(FeedSettling.class);

    private Duration settleTime = Duration.ZERO;
    private Duration maxWait = Duration.ZERO;

    /**
     * @param settleTime in Camel's notation, such as 10s: how long a file has to be unchanged until it is taken
     */
    public void setSettleTime(String settleTime) {
        this.settleTime = Durations.parse(settleTime);
    }

    /**
     * @param maxWait in Camel's notation, such as 15m: how long it is waited for
     */
    public void setMaxWait(String maxWait) {
        this.maxWait = Durations.parse(maxWait);
    }

    /** The observation of a file. */
    public static final class Observed {

        private final SettledFiles settled;
        private final long since = System.nanoTime();

        Observed(Duration settleTime) {
            settled = new SettledFiles(settleTime);
        }
    }

    /**
     * Begins to look at a feed.
     *
     * @param feed as it was when the command was given
     * @return null where it is known to be whole: it was written long before, and is still the same
     */
    public Observed begin(@Body FoundFeed feed) {
        FileState state = state(feed);
        Duration age = Duration.between(state.modified().toInstant(), Instant.now());
        if (state.equals(feed.state()) && age.compareTo(settleTime) >= 0) {
            return null;
        }
        LOG.info(
                "{} was written just now: it is run once it has been unchanged for {} s",
                feed.name(),
                settleTime.toMillis() / 1000.0);
        return new Observed(settleTime);
    }

    /**
     * Whether it may still be written.
     *
     * @throws FeedChanged where that has been so for too long, or the process is to stop
     */
    public boolean isUnsettled(@Body FoundFeed feed, @Variable("observed") Observed observed, Exchange exchange) {
        if (observed == null || observed.settled.isSettled(feed.path(), state(feed))) {
            return false;
        }
        Runs runs = exchange.getContext().getRegistry().lookupByNameAndType("runs", Runs.class);
        if (runs.isStopping()) {
            throw new FeedChanged("stopped before " + feed.name() + " was run");
        }
        if (System.nanoTime() - observed.since
                > Math.max(maxWait.toNanos(), settleTime.multipliedBy(2).toNanos())) {
            throw new FeedChanged(feed.name() + " is still being written: once it is whole, start again");
        }
        return true;
    }

    /** Where the feed lies, for a run. */
    public Path path(@Body FoundFeed feed) {
        return feed.path();
    }

    private static FileState state(FoundFeed feed) {
        try {
            return FileState.of(feed.path());
        } catch (IOException e) {
            throw new FeedUnreadable(feed.path() + ": there is no such file", e);
        }
    }
}
