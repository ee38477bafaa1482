package contractflow.feed.folder;

import contractflow.feed.Feed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Moves feeds whose run is over to where they belong, again and again where that is not possible at first. */
final class FinishedFeeds {

    private static final Logger LOG = LoggerFactory.getLogger(FinishedFeeds.class);

    /** Comparing a feed before it is moved may take a while. */
    private static final Duration UNTIL_MOVED_AGAIN = Duration.ofSeconds(5);

    private final Map<Path, Unmoved> unmoved = new HashMap<>();
    private final FeedArchive archive;

    /**
     * @param reason why it was not run; null where it was
     * @param problem why it cannot be moved
     * @param triedAt when it was tried last
     */
    private record Unmoved(Feed feed, String folder, String reason, String problem, long triedAt) {}

    FinishedFeeds(FeedArchive archive) {
        this.archive = archive;
    }

    /**
     * Moves a feed, if it is still what was run.
     *
     * @param folder where to
     * @param reason why it was not run; null where it was
     */
    void move(Feed feed, String folder, String reason) {
        unmoved.remove(feed.path());
        try {
            Path moved = archive.move(feed, folder);
            if (moved != null && reason != null) {
                FeedArchive.explain(moved, reason);
            } else if (moved == null && Files.exists(feed.path())) {
                LOG.warn("{} is not what was run: it stays, and is run next", feed.name());
            }
        } catch (IOException e) {
            String problem = "has been run, but cannot be moved to " + folder + "/: " + FolderFiles.describe(e);
            unmoved.put(feed.path(), new Unmoved(feed, folder, reason, problem, System.nanoTime()));
        }
    }

    /**
     * Moves what could not be moved before.
     *
     * @param problems to which those that still cannot be moved are added
     */
    void moveAgain(Map<String, String> problems) {
        long now = System.nanoTime();
        for (Unmoved feed : List.copyOf(unmoved.values())) {
            if (now - feed.triedAt > UNTIL_MOVED_AGAIN.toNanos()) {
                move(feed.feed, feed.folder, feed.reason);
            }
        }
        unmoved.values().forEach(feed -> problems.put(feed.feed.name(), feed.problem));
    }

    /** Why a feed whose run is over lies where it was; null where it does not, or its run is not over. */
    String problem(Path path) {
        Unmoved feed = unmoved.get(path);
        return feed == null ? null : feed.problem;
    }
}
