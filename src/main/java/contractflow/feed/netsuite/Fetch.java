package contractflow.feed.netsuite;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import contractflow.failure.FeedUnreadable;
import contractflow.failure.RunStopped;
import contractflow.feed.Feed;
import contractflow.feed.FeedJob;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/** One pass over NetSuite's list of contracts, from which a feed is made. */
public final class Fetch extends FeedJob {

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final String QUERY = "sql/netsuite-contracts.sql";

    private final Instant startedAt;
    private FeedFile file;
    private long last;
    private long rows;
    private boolean atEnd;

    Fetch(Instant startedAt) {
        super(Feed.ofNetSuite());
        this.startedAt = startedAt.truncatedTo(ChronoUnit.SECONDS);
    }

    /** When it has begun, in ISO-8601, UTC. */
    public String getStartedAt() {
        return startedAt.toString();
    }

    /** Rows that are written so far. */
    public long getRows() {
        return rows;
    }

    /** Where the feed lies once it is whole. */
    public Path path() {
        return file.path();
    }

    /** The same, as a text; Camel would take a path for its file's content. */
    public String getFile() {
        return file.path().toString();
    }

    /** The feed's name, without its folders. */
    public String getName() {
        return file.path().getFileName().toString();
    }

    /** Whether there is another page. */
    public boolean isMore() {
        return !atEnd;
    }

    /** Begins the file. */
    void open(Path folder) throws IOException {
        // Whatever was waited for until now is there.
        answered(WAREHOUSE);
        file = FeedFile.create(folder, STAMP.format(startedAt));
    }

    /**
     * What to ask for next.
     *
     * @throws RunStopped where the process is to stop
     */
    SuiteQlPage nextPage() {
        if (isStopped()) {
            throw new RunStopped(getStopReason());
        }
        return new SuiteQlPage(last);
    }

    /**
     * Writes the rows of the next page.
     *
     * @throws FeedUnreadable where they are not in the order that says where the page after begins
     */
    void add(JsonNode page) throws IOException {
        for (JsonNode item : page.get("items")) {
            long key = key(item);
            if (key <= last) {
                throw new FeedUnreadable("contract_id " + key + " comes after " + last + ": " + QUERY
                        + " must yield each contract once, ordered by contract_id, and only those after :after");
            }
            // Each row of an answer has its own links, which say nothing.
            file.write(((ObjectNode) item).without("links"));
            last = key;
            rows++;
        }
        atEnd = !page.get("hasMore").booleanValue();
        if (!atEnd && page.get("items").isEmpty()) {
            throw new FeedUnreadable("NetSuite says that there is more after contract " + last + ", but gives nothing");
        }
    }

    /** The key is read as a number, since the next query is made with it. */
    private long key(JsonNode item) {
        JsonNode id = item.path("contract_id");
        try {
            if (item.isObject() && (id.isTextual() || id.isIntegralNumber())) {
                return Long.parseLong(id.asText());
            }
        } catch (NumberFormatException e) {
            // As bad as none.
        }
        throw new FeedUnreadable("row " + (rows + 1) + " of NetSuite's list has no contract_id that is a whole number: "
                + QUERY + " must yield the record's id under that name");
    }

    /**
     * Gives the file its name.
     *
     * @throws FeedUnreadable where it has no rows
     */
    void publish() throws IOException {
        if (rows == 0) {
            throw new FeedUnreadable("NetSuite lists no contract: see what " + QUERY
                    + " asks for, and whether the integration's role may see these records");
        }
        file.publish();
    }

    /** Removes the file, where it is not whole. */
    void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }

    @Override
    public String toString() {
        return "the fetch of " + startedAt;
    }
}
