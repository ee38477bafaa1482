package contractflow.feed.folder;

import contractflow.feed.Feed;
import contractflow.feed.FeedContent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.ListIterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where feeds go that need not be run again. What lies there is what was run: a file that is another one by the time that it is
 * moved goes back, and so does one that is written after that, by a program that has it open.
 */
final class FeedArchive {

    private static final Logger LOG = LoggerFactory.getLogger(FeedArchive.class);

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    /** A program that writes a file pauses for no longer than this. */
    private static final Duration STILL_WRITTEN = Duration.ofMinutes(10);

    private final List<ArchivedFeed> watched = new ArrayList<>();
    private final ArchiveRecords records;
    private boolean recordsAreRead;

    /**
     * @param directory that the feeds lie in
     */
    FeedArchive(Path directory) {
        records = new ArchiveRecords(directory);
    }

    /**
     * Moves a feed's file to a folder beside it, unless another one lies in its place by now, or none.
     *
     * @param folder its name
     * @return where the file is; null where it is none that was run
     * @throws IOException where it cannot be moved; then it lies where it was
     */
    Path move(Feed feed, String folder) throws IOException {
        Path from = feed.path();
        Path target = folder(from.resolveSibling(folder));
        // What lies there may be open to a program that writes it: as long as it is seen to be another one, it is left
        // in its place.
        if (feed.content().compareWith(from) != FeedContent.Fate.SAME) {
            return null;
        }
        Path link = Files.isSymbolicLink(from) ? Files.readSymbolicLink(from) : null;
        ArchivedFeed moved = new ArchivedFeed(
                from,
                freeName(target, from),
                link,
                feed.content(),
                feed.content().state(),
                Instant.now());
        records.write(moved);
        boolean done = false;
        try {
            done = link == null ? moveFile(moved) : copyTarget(moved);
        } finally {
            if (!done) {
                records.delete(moved);
            }
        }
        if (!done) {
            return null;
        }
        watched.add(moved);
        return moved.to();
    }

    private static boolean moveFile(ArchivedFeed moved) throws IOException {
        // On another file system a move is a copy, and what a program still writes into the file would be lost with it.
        Files.move(moved.from(), moved.to(), StandardCopyOption.ATOMIC_MOVE);
        if (moved.content().compareWith(moved.to()) == FeedContent.Fate.SAME) {
            return true;
        }
        Files.move(moved.to(), freeName(moved.from().getParent(), moved.from()));
        return false;
    }

    /** Elsewhere, a link may lead to something else, or nowhere; and what it leads to is not ours to move. */
    private static boolean copyTarget(ArchivedFeed moved) throws IOException {
        boolean same = false;
        try {
            Files.copy(moved.from(), moved.to());
            same = moved.content().compareWith(moved.to()) == FeedContent.Fate.SAME;
        } finally {
            if (!same) {
                Files.deleteIfExists(moved.to());
            }
        }
        if (same) {
            Files.delete(moved.from());
        }
        return same;
    }

    /** A folder that is there, or a link to one; made where it is missing. */
    static Path folder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
        }
        return folder;
    }

    /** Brings back what has been written since it was moved, also by an earlier process. */
    void tend() {
        if (!recordsAreRead) {
            watched.addAll(records.read());
            recordsAreRead = true;
        }
        Instant longAgo = Instant.now().minus(STILL_WRITTEN);
        for (ListIterator<ArchivedFeed> feeds = watched.listIterator(); feeds.hasNext(); ) {
            ArchivedFeed feed = feeds.next();
            ArchivedFeed seen = tend(feed);
            if (seen != null && seen.at().isAfter(longAgo)) {
                feeds.set(seen);
            } else {
                records.delete(feed);
                feeds.remove();
            }
        }
    }

    /** The feed as it was seen; null where it is not what was run any more. */
    private static ArchivedFeed tend(ArchivedFeed feed) {
        try {
            ArchivedFeed seen = feed.seen();
            if (seen.state().equals(feed.state())) {
                return feed;
            }
            FeedContent.Fate fate = feed.fate();
            if (fate == FeedContent.Fate.SAME) {
                return seen;
            }
            if (feed.link() != null && Files.exists(feed.from(), LinkOption.NOFOLLOW_LINKS)) {
                LOG.debug("{} is a feed already", feed.from());
            } else if (feed.link() != null) {
                // Whether it was written on or replaced by another file makes no difference: the link leads to it.
                Path back = Files.createSymbolicLink(freeName(feed.from().getParent(), feed.from()), feed.link());
                LOG.warn(
                        "{} was written on after its run: the link to it is a feed again, {}",
                        feed.watched(),
                        back.getFileName());
            } else if (fate == FeedContent.Fate.CHANGED) {
                Path back = Files.move(feed.to(), freeName(feed.from().getParent(), feed.from()));
                LOG.warn("{} was written on after its run: it is a feed again, {}", feed.to(), back.getFileName());
            }
        } catch (IOException e) {
            LOG.debug("{} has gone, or cannot be read", feed.watched(), e);
        }
        return null;
    }

    /** The name that a file had before it got another one, in a folder that had one of its name. */
    static String withoutStamp(String name) {
        return name.replaceFirst("^[0-9]{8}-[0-9]{6}-", "");
    }

    /** Its name in a folder or, where that is taken, another one: what came before is kept. */
    private static Path freeName(Path folder, Path file) {
        Path free = folder.resolve(file.getFileName());
        for (int n = 0; Files.exists(free, LinkOption.NOFOLLOW_LINKS); n++) {
            free = resolve(folder, STAMP.format(Instant.now().plusSeconds(n)) + "-" + file.getFileName());
        }
        return free;
    }

    /** Writes down why a feed was not run. */
    static void explain(Path failed, String reason) {
        Path file = resolve(failed.getParent(), failed.getFileName() + ".reason");
        try {
            Files.writeString(file, reason + System.lineSeparator());
        } catch (IOException e) {
            LOG.warn("{} cannot be written: {}; {}", file, e.getMessage(), reason);
        }
    }

    /** A file of a name that need not be one in the characters of the locale. */
    private static Path resolve(Path folder, String name) {
        try {
            return folder.resolve(name);
        } catch (InvalidPathException e) {
            return folder.resolve(
                    new String(name.getBytes(StandardCharsets.US_ASCII), StandardCharsets.US_ASCII).replace('?', '_'));
        }
    }
}
