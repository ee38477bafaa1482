package contractflow.feed;

import contractflow.failure.FeedChanged;
import contractflow.failure.FeedUnreadable;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A file that lists contracts.
 *
 * @param path where it lies
 * @param format null where there is no file: for dead letters, which are in the database already, and for what a fetch asks for
 * @param content what lay there when it was taken
 */
public record Feed(Path path, Format format, FeedContent content) {

    /** How the rows of a feed are written. */
    public enum Format {
        /** Comma-separated values with a header, RFC 4180. */
        CSV,
        /** One JSON array of objects. */
        JSON,
        /** One JSON object a line. */
        NDJSON
    }

    /** What lies in no file. */
    public Feed(Path path, Format format, String name) {
        this(path, format, new FeedContent(name, null, true));
    }

    /**
     * The feed in a file that is named on the command line.
     *
     * @see #at
     */
    public static Feed of(File file) {
        return at(file.toPath());
    }

    /**
     * The feed in a file. A path is taken as it is, also where its name cannot be written in the characters of the locale.
     *
     * @throws FeedUnreadable where there is no such file, it cannot be read, or its name does not say its format
     * @throws FeedChanged where it is written at the same time
     */
    public static Feed at(Path path) throws FeedUnreadable, FeedChanged {
        find(path);
        try {
            return new Feed(path, formatOf(path), FeedContent.of(path));
        } catch (IOException e) {
            throw new FeedUnreadable(path + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * A file that may be a feed, which is not read yet.
     *
     * @throws FeedUnreadable where there is no such file, or its name does not say its format
     */
    public static FoundFeed find(Path path) throws FeedUnreadable {
        if (!Files.isRegularFile(path)) {
            throw new FeedUnreadable(path + ": there is no such file");
        }
        formatOf(path);
        try {
            return new FoundFeed(path, FileState.of(path));
        } catch (IOException e) {
            throw new FeedUnreadable(path + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** The dead letters of the warehouse, which are worked on as a feed, by one process at a time. */
    public static Feed ofDeadLetters() {
        return withoutFile("dead letters");
    }

    /** What NetSuite lists, which is fetched by one process at a time. */
    public static Feed ofNetSuite() {
        return withoutFile("the feed from NetSuite");
    }

    /** The work of all services of that name, which is done by one of them at a time. */
    public static Feed ofService(String name) {
        return withoutFile("service " + name);
    }

    private static Feed withoutFile(String name) {
        return new Feed(Path.of(name), null, name);
    }

    /** The file's name, without its folders. */
    public String name() {
        return path.getFileName().toString();
    }

    /** Of its content, in hex; two files of one content are one feed. */
    public String sha256() {
        return content.sha256();
    }

    /** Whether it lies in a file. */
    public boolean isFile() {
        return content.state() != null;
    }

    private static Format formatOf(Path path) throws FeedUnreadable {
        String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
        String extension = name.substring(name.lastIndexOf('.') + 1);
        return switch (extension) {
            case "csv" -> Format.CSV;
            case "json" -> Format.JSON;
            case "ndjson", "jsonl" -> Format.NDJSON;
            default ->
                throw new FeedUnreadable(
                        path + ": the name must end in .csv, .json, .ndjson or .jsonl, which say how to read it");
        };
    }
}
