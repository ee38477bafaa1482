package contractflow.feed;

import com.fasterxml.jackson.core.JsonProcessingException;
import contractflow.failure.FeedChanged;
import contractflow.failure.FeedUnreadable;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** Gathers the rows of a feed into pieces that a statement can take. The splitter closes it. */
final class FeedPieces implements Iterator<List<FeedRow>>, Closeable {

    /** Rows in a piece; a piece of long rows ends earlier. */
    private static final int ROWS = 1000;

    private static final int CHARACTERS = 1024 * 1024;

    private final Feed feed;
    private final FeedRows rows;
    private final Content content;
    private FeedRow ahead;

    /** What was read of a feed. */
    interface Content {
        /** The SHA-256 of all that was read. */
        String sha256() throws IOException;
    }

    FeedPieces(Feed feed, FeedRows rows, Content content) {
        this.feed = feed;
        this.rows = rows;
        this.content = content;
        this.ahead = read();
    }

    @Override
    public boolean hasNext() {
        return ahead != null;
    }

    @Override
    public List<FeedRow> next() {
        if (ahead == null) {
            throw new NoSuchElementException();
        }
        List<FeedRow> piece = new ArrayList<>();
        for (int characters = 0; ahead != null && piece.size() < ROWS && characters < CHARACTERS; ahead = read()) {
            piece.add(ahead);
            characters += ahead.row().length();
        }
        return piece;
    }

    private FeedRow read() {
        try {
            FeedRow row = rows.next();
            if (row == null && !content.sha256().equals(feed.sha256())) {
                ahead = null;
                throw new FeedChanged(feed.path().getFileName());
            }
            return row;
        } catch (IOException e) {
            // The splitter looks for more rows even then.
            ahead = null;
            throw unreadable(feed, e);
        }
    }

    /** What a failure to read a feed means: that it cannot be read at all, or that it has changed meanwhile. */
    static RuntimeException unreadable(Feed feed, IOException e) {
        if (feed.content().compareIfReadable(feed.path()) != FeedContent.Fate.SAME) {
            return new FeedChanged(feed.path().getFileName());
        }
        String what = e.getMessage();
        if (e instanceof JsonProcessingException json && json.getLocation() != null) {
            what = json.getOriginalMessage() + ", line " + json.getLocation().getLineNr() + " column "
                    + json.getLocation().getColumnNr();
        }
        return new FeedUnreadable(feed.name() + ": " + what, e);
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
