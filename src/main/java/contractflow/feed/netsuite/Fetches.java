package contractflow.feed.netsuite;

import com.fasterxml.jackson.databind.JsonNode;
import contractflow.failure.FeedUnreadable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.apache.camel.Body;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a {@link Fetch}, and gives it what the routes have brought. */
public final class Fetches {

    private static final Logger LOG = LoggerFactory.getLogger(Fetches.class);

    /** A fetch says how far it is whenever it has got so many rows further. */
    private static final long ROWS_TO_TELL = 50_000;

    private Path directory;

    /**
     * @param directory where the feed is to lie
     */
    public void setDirectory(String directory) {
        this.directory = Path.of(directory);
    }

    public Fetch start() {
        return new Fetch(Instant.now());
    }

    public void open(@Variable("run") Fetch fetch) {
        write(() -> fetch.open(directory));
    }

    public SuiteQlPage nextPage(@Variable("run") Fetch fetch) {
        return fetch.nextPage();
    }

    public void add(@Variable("run") Fetch fetch, @Body JsonNode page) {
        long before = fetch.getRows();
        write(() -> fetch.add(page));
        if (fetch.isMore() && before / ROWS_TO_TELL < fetch.getRows() / ROWS_TO_TELL) {
            LOG.info(String.format("%,d contracts are listed so far", fetch.getRows()));
        }
    }

    public void publish(@Variable("run") Fetch fetch) {
        write(fetch::publish);
    }

    public void close(@Variable("run") Fetch fetch) {
        write(fetch::close);
    }

    private interface Writing {
        void run() throws IOException;
    }

    /** A disk that is full is not an API that is unavailable. */
    private void write(Writing writing) {
        try {
            writing.run();
        } catch (IOException e) {
            throw new FeedUnreadable("feed.directory: no feed can be written to " + directory + ": " + e);
        }
    }
}
