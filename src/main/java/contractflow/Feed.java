package contractflow;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * A file that lists contracts.
 *
 * @param path where it lies
 * @param format null where there is no file: for dead letters, which are in the database already, and for what a fetch asks for
 * @param sha256 of its content, in hex: two files of one content are one feed
 */
public record Feed(Path path, Format format, String sha256) {

    /** How the rows of a feed are written. */
    public enum Format {
        /** Comma-separated values with a header, RFC 4180. */
        CSV,
        /** One JSON array of objects. */
        JSON,
        /** One JSON object a line. */
        NDJSON
    }

    /**
     * @throws FeedUnreadable where there is no such file, it cannot be read, or its name does not tell its format
     */
    public static Feed of(File file) throws FeedUnreadable {
        Path path = file.toPath();
        if (!Files.isRegularFile(path)) {
            throw new FeedUnreadable(path + ": there is no such file");
        }
        return new Feed(path, formatOf(path), sha256(path));
    }

    /** The dead letters of the warehouse, which are worked on as a feed, by one process at a time. */
    public static Feed ofDeadLetters() {
        return new Feed(Path.of("dead letters"), null, "dead letters");
    }

    /** What NetSuite lists, which is fetched by one process at a time. */
    static Feed ofNetSuite() {
        return new Feed(Path.of("the feed from NetSuite"), null, "the feed from NetSuite");
    }

    /** The file's name, without its folders. */
    public String name() {
        return path.getFileName().toString();
    }

    private static Format formatOf(Path path) throws FeedUnreadable {
        String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
        String extension = name.substring(name.lastIndexOf('.') + 1);
        return switch (extension) {
            case "csv" -> Format.CSV;
            case "json" -> Format.JSON;
            case "ndjson", "jsonl" -> Format.NDJSON;
            default -> throw new FeedUnreadable(
                    path + ": the name must end in .csv, .json, .ndjson or .jsonl, which say how to read it");
        };
    }

    private static String sha256(Path path) throws FeedUnreadable {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream content = new DigestInputStream(Files.newInputStream(path), digest)) {
                content.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new FeedUnreadable(path + ": cannot be read: " + e.getMessage(), e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
