package contractflow;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Variable;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;

/**
 * The folder that feeds are dropped into. A finished feed leaves it for {@code done/}, an unreadable one for {@code failed/}; an
 * incomplete one stays, and is taken up again when it is touched or the process starts again.
 */
public final class FeedFolder implements GenericFileFilter<File> {

    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    /** Feeds that stay, and when they were last written, in ms since 1970. */
    private final Map<Path, Long> staying = new ConcurrentHashMap<>();

    private volatile Path expected;

    @Override
    public boolean accept(GenericFile<File> file) {
        Long left = staying.get(file.getFile().toPath());
        return left == null || left != file.getLastModified();
    }

    /** A feed was fetched, and is to be taken next. */
    public void expect(@Variable("run") Fetch fetch) {
        expected = fetch.path();
    }

    /** Whether the feed that was fetched last has not been run; one that stays has been. */
    public boolean isWaiting() {
        Path feed = expected;
        return feed != null
                && Files.exists(feed)
                && staying.keySet().stream().noneMatch(left -> left.getFileName().equals(feed.getFileName()));
    }

    /** Its last contract is in the database. */
    public void done(@Variable("feed") Feed feed) throws IOException {
        move(feed.path(), "done");
    }

    /** It cannot be read; the reason lies beside it. */
    public void failed(@Variable("file") File file, @Variable("reason") String reason) throws IOException {
        Path moved = move(file.toPath(), "failed");
        Files.writeString(moved.resolveSibling(moved.getFileName() + ".reason"), reason + System.lineSeparator());
    }

    /** Its run is incomplete. */
    public void stays(@Variable("file") File file) {
        staying.put(file.toPath(), file.lastModified());
    }

    private static Path move(Path feed, String folder) throws IOException {
        Path target = Files.createDirectories(feed.resolveSibling(folder)).resolve(feed.getFileName());
        try {
            return Files.move(feed, target);
        } catch (FileAlreadyExistsException e) {
            // The same name came before. Both are kept.
            return Files.move(feed, target.resolveSibling(STAMP.format(Instant.now()) + "-" + feed.getFileName()));
        }
    }
}
