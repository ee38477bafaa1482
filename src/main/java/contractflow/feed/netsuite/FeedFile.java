package contractflow.feed.netsuite;

import com.fasterxml.jackson.databind.JsonNode;
import contractflow.contract.Json;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * An NDJSON feed while it is written. Until it is whole it has a name that is not taken for a feed's; closed before, it is gone.
 */
final class FeedFile implements Closeable {

    private static final String PREFIX = "netsuite-contracts-";
    private static final String SUFFIX = ".part";

    private final Path path;
    private final Path unfinished;
    private final FileChannel channel;
    private final Writer writer;

    private FeedFile(Path path, Path unfinished, FileChannel channel) {
        this.path = path;
        this.unfinished = unfinished;
        this.channel = channel;
        this.writer = new BufferedWriter(Channels.newWriter(channel, StandardCharsets.UTF_8));
    }

    /**
     * Begins a feed, and clears away what a killed process has left of another one.
     *
     * @param folder made where it is missing
     * @param stamp what its name ends with, before the extension
     */
    static FeedFile create(Path folder, String stamp) throws IOException {
        String name = PREFIX + stamp;
        Files.createDirectories(folder);
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(folder, "." + PREFIX + "*" + SUFFIX)) {
            for (Path leftover : leftovers) {
                Files.delete(leftover);
            }
        }
        Path unfinished = folder.resolve("." + name + SUFFIX);
        FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        return new FeedFile(folder.resolve(name + ".ndjson"), unfinished, channel);
    }

    /** Where the feed lies once it is whole. */
    Path path() {
        return path;
    }

    void write(JsonNode row) throws IOException {
        writer.write(Json.write(row));
        writer.write('\n');
    }

    /** The feed is whole. */
    void publish() throws IOException {
        writer.flush();
        // The name must not be on the disk before the content is.
        channel.force(true);
        channel.close();
        Files.move(unfinished, path);
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(unfinished);
    }
}
