package contractflow.feed.folder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import contractflow.contract.Json;
import contractflow.feed.FeedContent;
import contractflow.feed.FileState;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which feeds were moved of late, on disk, so that the next process watches them as well: a small file for each, of its name, in a
 * folder that is hidden beside the feeds. A file's own name says where the feed lies, since a name need not be one in the characters
 * of the locale.
 */
final class ArchiveRecords {

    private static final Logger LOG = LoggerFactory.getLogger(ArchiveRecords.class);

    private static final String FOLDER = ".archived";

    private final Path directory;

    /**
     * @param directory that the feeds lie in
     */
    ArchiveRecords(Path directory) {
        this.directory = directory;
    }

    /** Records a feed before it is moved. Where that is not possible, it is watched by this process only. */
    void write(ArchivedFeed feed) {
        ObjectNode record = Json.exact().createObjectNode();
        record.put("sha256", feed.content().sha256());
        record.put("size", feed.content().state().size());
        record.put("ended", feed.content().ended());
        record.put("renamed", !feed.to().getFileName().equals(feed.from().getFileName()));
        record.put("link", feed.link() == null ? null : feed.link().toString());
        record.put("at", feed.at().toString());
        Path file = file(feed);
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, Json.write(record));
        } catch (IOException e) {
            LOG.warn(
                    "{} cannot be written: whether {} is written on after its run is not seen after a restart: {}",
                    file,
                    feed.to(),
                    e.toString());
        }
    }

    /** The feed need not be watched any more, or was not moved. */
    void delete(ArchivedFeed feed) {
        try {
            Files.deleteIfExists(file(feed));
        } catch (IOException e) {
            LOG.warn("{} cannot be deleted: {}", file(feed), e.toString());
        }
    }

    /** The feeds that earlier processes have moved. */
    List<ArchivedFeed> read() {
        List<ArchivedFeed> feeds = new ArrayList<>();
        for (String folder : List.of("done", "failed")) {
            Path records = directory.resolve(FOLDER).resolve(folder);
            if (Files.isDirectory(records)) {
                read(records, directory.resolve(folder), feeds);
            }
        }
        return feeds;
    }

    private void read(Path records, Path folder, List<ArchivedFeed> feeds) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(records)) {
            for (Path file : files) {
                try {
                    feeds.add(feed(Json.exact().readTree(Files.readString(file)), folder.resolve(file.getFileName())));
                } catch (IOException | DateTimeException | InvalidPathException e) {
                    LOG.warn("{} cannot be read, and is deleted: {}", file, e.toString());
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            LOG.warn("{} cannot be read: {}", records, e.toString());
        }
    }

    private ArchivedFeed feed(JsonNode record, Path to) {
        Path name = to.getFileName();
        Path from = directory.resolve(
                record.path("renamed").asBoolean() ? Path.of(FeedArchive.withoutStamp(name.toString())) : name);
        FileState state = new FileState(record.path("size").asLong(), FileTime.fromMillis(0), null, true);
        return new ArchivedFeed(
                from,
                to,
                record.path("link").isTextual() ? Path.of(record.get("link").textValue()) : null,
                new FeedContent(
                        record.path("sha256").asText(),
                        state,
                        record.path("ended").asBoolean()),
                null,
                Instant.parse(record.path("at").asText()));
    }

    private Path file(ArchivedFeed feed) {
        return directory
                .resolve(FOLDER)
                .resolve(feed.to().getParent().getFileName())
                .resolve(feed.to().getFileName());
    }
}
