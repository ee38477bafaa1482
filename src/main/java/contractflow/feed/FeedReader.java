package contractflow.feed;

import contractflow.failure.FeedChanged;
import contractflow.failure.FeedUnreadable;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import org.apache.camel.Variable;

/** Reads a feed row by row, whatever its format, and hands the rows out in pieces that a statement can take. */
public final class FeedReader {

    /**
     * The rows of a feed, in pieces, read while they are asked for.
     *
     * @throws FeedUnreadable where the feed has no rows, or cannot be read as what its name says; also later, from the iterator
     * @throws FeedChanged where what is read is not the feed's content, as it was taken; also later, from the iterator
     */
    public Iterator<List<FeedRow>> read(@Variable("feed") Feed feed) {
        try {
            MessageDigest digest = FeedContent.newDigest();
            InputStream in = new BufferedInputStream(new DigestInputStream(Files.newInputStream(feed.path()), digest));
            refuseOtherEncodings(feed.format(), in);
            FeedRows rows = switch (feed.format()) {
                case CSV -> new CsvRows(in);
                case NDJSON -> new NdjsonRows(in);
                case JSON -> new JsonRows(in);
            };
            FeedPieces pieces = new FeedPieces(feed, rows, () -> {
                in.transferTo(OutputStream.nullOutputStream());
                return FeedContent.hex(digest);
            });
            if (!pieces.hasNext()) {
                throw new FeedUnreadable(feed.name() + ": has no rows");
            }
            return pieces;
        } catch (IOException e) {
            throw FeedPieces.unreadable(feed, e);
        }
    }

    private static void refuseOtherEncodings(Feed.Format format, InputStream in) throws IOException {
        in.mark(4);
        String start = HexFormat.of().formatHex(in.readNBytes(4));
        in.reset();
        if (start.startsWith("1f8b")) {
            throw new IOException("is compressed by gzip: unpack it first");
        }
        if (start.equals("504b0304")) {
            throw new IOException("is a zip archive or a spreadsheet: unpack it, or save it as CSV, first");
        }
        // Of JSON, the parser finds out by itself.
        if (format != Feed.Format.JSON && start.matches("(fffe|feff|00..|..00).*")) {
            throw new IOException("is not written in UTF-8, but in UTF-16 or the like");
        }
    }
}
