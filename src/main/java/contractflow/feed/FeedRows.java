package contractflow.feed;

import java.io.Closeable;
import java.io.IOException;

/** The rows of a feed, read while they are asked for. */
interface FeedRows extends Closeable {

    /** The next row, or null at the end. */
    FeedRow next() throws IOException;
}
