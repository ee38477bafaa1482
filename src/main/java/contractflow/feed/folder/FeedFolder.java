package contractflow.feed.folder;

import contractflow.config.time.Durations;
import contractflow.feed.Feed;
import contractflow.feed.FileState;
import contractflow.feed.FoundFeed;
import contractflow.feed.netsuite.Fetch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder that feeds are dropped into. The oldest one that is completely written comes first. A finished feed leaves the folder
 * for {@code done/}, an unreadable one for {@code failed/}; an incomplete one stays, and is taken up again when it is touched or the
 * process starts again. A file that cannot be taken is named once, and those behind it are run.
 */
public final class FeedFolder {

    private static final Logger LOG = LoggerFactory.getLogger(FeedFolder.class);

    private static final String STILL_WRITTEN = "is still being written";

    /** Feeds that stay, as they were when they were taken. */
    private final Map<Path, FileState> staying = new HashMap<>();

    private Path directory;
    private FeedArchive archive;
    private FinishedFeeds finished;
    private SettledFiles settled;
    private Path expected;
    private boolean expectedIsWhole;

    /** The feed that is in work. */
    private Path taken;

    /** The files that cannot be taken, and why. */
    private volatile Map<String, String> problems = Map.of();

    /**
     * @param directory made where it is missing
     */
    public void setDirectory(String directory) {
        this.directory = Path.of(directory);
        archive = new FeedArchive(this.directory);
        finished = new FinishedFeeds(archive);
    }

    /**
     * @param settleTime in Camel's notation, such as 10s: how long a file has to be unchanged until it is taken
     */
    public void setSettleTime(String settleTime) {
        this.settled = new SettledFiles(Durations.parse(settleTime));
    }

    /** Whether the name is that of a feed. */
    public static boolean isFeed(Path file) {
        return file.getFileName().toString().matches("(?is)[^.].*[.](csv|json|ndjson|jsonl)");
    }

    /** The feed that is to be run next; null where there is none. */
    public synchronized FoundFeed next() {
        Map<String, String> now = new LinkedHashMap<>();
        FoundFeed next = null;
        taken = null;
        try {
            archive.tend();
            List<FoundFeed> files = FolderFiles.in(directory);
            List<Path> paths = files.stream().map(FoundFeed::path).toList();
            staying.keySet().retainAll(paths);
            settled.retain(paths);
            finished.moveAgain(now);
            next = choose(files, now);
            keepProblems(files, now);
        } catch (IOException e) {
            now.put(directory.toString(), "cannot be read: " + FolderFiles.describe(e));
        }
        now.forEach((name, problem) -> {
            if (!problem.equals(problems.get(name))) {
                LOG.warn("{} is passed over: it {}", name, problem);
            }
        });
        problems = now;
        return next;
    }

    /** The oldest one that can be taken. One that is still being written is waited for only for a while. */
    private FoundFeed choose(List<FoundFeed> files, Map<String, String> problemsNow) {
        for (FoundFeed file : files) {
            Path path = file.path();
            if (finished.problem(path) != null || file.state().equals(staying.get(path))) {
                continue;
            }
            boolean whole = expectedIsWhole && path.equals(expected) || settled.isSettled(path, file.state());
            String problem = FolderFiles.problem(file);
            if (problem == null && whole) {
                settled.forget(path);
                staying.remove(path);
                expectedIsWhole &= !path.equals(expected);
                taken = path;
                return file;
            }
            if (problem == null && !settled.isChangingForLong(path)) {
                return null;
            }
            if (problem == null) {
                problemsNow.put(file.name(), STILL_WRITTEN);
            } else if (whole) {
                problemsNow.put(file.name(), problem);
            }
        }
        return null;
    }

    /** What was not looked at, since a feed before it comes first, or has changed without being a feed, has the problem that it had. */
    private void keepProblems(List<FoundFeed> files, Map<String, String> problemsNow) {
        for (FoundFeed file : files) {
            String before = problems.get(file.name());
            if (before != null
                    && !file.path().equals(taken)
                    && (before.equals(STILL_WRITTEN) || before.equals(FolderFiles.problem(file)))) {
                problemsNow.putIfAbsent(file.name(), before);
            }
        }
    }

    /** A feed was fetched, and is to be taken next. */
    public synchronized void expect(@Variable("run") Fetch fetch) {
        expected = fetch.path();
        expectedIsWhole = true;
    }

    /** Whether the feed that was fetched last has not been run; one that stays has been. */
    public synchronized boolean isWaiting() {
        return expected != null
                && Files.exists(expected)
                && !staying.containsKey(expected)
                && finished.problem(expected) == null;
    }

    /** Its last contract is in the database. */
    public void done(@Variable("found") FoundFeed found, @Variable("feed") Feed feed) {
        leave(found, feed, "done", null);
    }

    /** It cannot be read; the reason lies beside it. */
    public void failed(
            @Variable("found") FoundFeed found, @Variable("feed") Feed feed, @Variable("reason") String reason) {
        leave(found, feed, "failed", reason);
    }

    /** Its run is incomplete. */
    public synchronized void stays(@Variable("found") FoundFeed found) {
        staying.put(found.path(), found.state());
        if (!found.state().equals(FolderFiles.state(found.path()))) {
            settled.mistaken(found.path());
        }
    }

    /** It was not completely written. */
    public synchronized void changed(@Variable("found") FoundFeed found) {
        settled.mistaken(found.path());
    }

    /** Takes up the incomplete ones again, as a process that starts does. */
    public synchronized void startAgain() {
        staying.clear();
    }

    /** The files that cannot be taken, by their names, and why. */
    public Map<String, String> problems() {
        return problems;
    }

    /**
     * The feeds that lie in the folder and are not in work, in the order in which they are run.
     *
     * @throws IOException where it cannot be read
     */
    public synchronized List<WaitingFeed> waiting() throws IOException {
        List<WaitingFeed> waiting = new ArrayList<>();
        for (FoundFeed file : FolderFiles.in(directory)) {
            if (!file.path().equals(taken)) {
                waiting.add(waiting(file));
            }
        }
        return waiting;
    }

    private WaitingFeed waiting(FoundFeed file) {
        String done = finished.problem(file.path());
        String problem = done == null ? FolderFiles.problem(file) : done;
        if (problem == null && file.state().equals(staying.get(file.path()))) {
            problem = "was not finished; it is run again when it is touched or the process starts again";
        }
        return new WaitingFeed(file.name(), problem);
    }

    private synchronized void leave(FoundFeed found, Feed feed, String folder, String reason) {
        if (feed == null) {
            // It could not be read to its end; the next look may show why.
            LOG.warn("{} stays where it is: {}", found.name(), reason);
            settled.mistaken(found.path());
            return;
        }
        finished.move(feed, folder, reason);
    }
}
