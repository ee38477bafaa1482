package contractflow;

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
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where feeds go that need not be run again. What lies there is what was run: a file that is another one by the time that it is
 * moved goes back, and so does one that is written after that, by a program that has it open.
 */
final class FeedArchive {

    private static final Logger LOG = LoggerFactory.getLogger(FeedArchive.class);

    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    /** A program that writes a file pauses for no longer than this. */
    private static final Duration STILL_WRITTEN = Duration.ofMinutes(10);

    private final Deque<Moved> watched = new ArrayDeque<>();

    private record Moved(Path from, Path to, FeedContent content, FileState state, long at) {}

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
        // What lies there may be open to a program that writes it: as long as it is seen to be another one, it is left in its place.
        if (feed.content().compareWith(from) != FeedContent.Fate.SAME) {
            return null;
        }
        Path to = freeName(target, from);
        if (Files.isSymbolicLink(from)) {
            // Elsewhere, a link may lead to something else, or nowhere.
            Files.copy(from, to);
        } else {
            // On another file system a move is a copy, and what a program still writes into the file would be lost with it.
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        }
        if (feed.content().compareWith(to) != FeedContent.Fate.SAME) {
            bringBack(to, from);
            return null;
        }
        if (Files.isSymbolicLink(from)) {
            Files.delete(from);
        }
        watched.addLast(new Moved(from, to, feed.content(), FileState.of(to), System.nanoTime()));
        return to;
    }

    /** A folder that is there, or a link to one; made where it is missing. */
    static Path folder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
        }
        return folder;
    }

    /** Brings back what has been written since it was moved. */
    void tend() {
        while (!watched.isEmpty() && System.nanoTime() - watched.getFirst().at > STILL_WRITTEN.toNanos()) {
            watched.removeFirst();
        }
        for (Iterator<Moved> moved = watched.iterator(); moved.hasNext(); ) {
            if (!tend(moved.next())) {
                moved.remove();
            }
        }
    }

    /** Whether it is as it was run. */
    private static boolean tend(Moved moved) {
        try {
            if (FileState.of(moved.to).equals(moved.state)) {
                return true;
            }
            if (moved.content.compareWith(moved.to) == FeedContent.Fate.CHANGED) {
                Path back = bringBack(moved.to, moved.from);
                LOG.warn("{} was written on after its run: it is a feed again, {}", moved.to, back.getFileName());
            }
        } catch (IOException e) {
            LOG.debug("{} has gone, or cannot be read", moved.to, e);
        }
        return false;
    }

    private static Path bringBack(Path archived, Path from) throws IOException {
        return Files.move(archived, freeName(from.getParent(), from));
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
            return folder.resolve(new String(name.getBytes(StandardCharsets.US_ASCII), StandardCharsets.US_ASCII).replace('?', '_'));
        }
    }
}
