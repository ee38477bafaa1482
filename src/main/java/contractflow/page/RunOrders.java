package contractflow.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import contractflow.contract.Json;
import contractflow.feed.folder.FeedFolder;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.apache.camel.Body;
import org.apache.camel.Header;
import org.apache.camel.Variable;

/** Runs that are begun by a call, as a scheduler of a company makes it. */
public final class RunOrders {

    private Path directory;

    /**
     * @param directory that is watched for feeds
     */
    public void setDirectory(String directory) {
        this.directory = Path.of(directory);
    }

    /**
     * What is to be run.
     *
     * @param json {@code {"feed": "contracts.csv"}}, or nothing for a fetch
     * @return the name of a feed in the folder; empty for a fetch
     * @throws HttpError where it is something else, or there is no such feed
     */
    public String wanted(@Body String json) throws HttpError {
        if (json == null || json.isBlank()) {
            return "";
        }
        JsonNode asked = Replays.read(json);
        JsonNode name = asked.path("feed");
        if (!name.isTextual() || asked.size() != 1) {
            throw new HttpError(
                    400, "send {\"feed\": \"the name of a file in feed.directory\"}, or nothing for a fetch");
        }
        String feed = name.textValue();
        if (!feed.matches("[^/\\\\\\p{Cntrl}]+") || !FeedFolder.isFeed(Path.of(feed))) {
            throw new HttpError(400, "the name of a feed has no folder, and ends with .csv, .json, .ndjson or .jsonl");
        }
        if (!Files.isRegularFile(directory.resolve(feed), LinkOption.NOFOLLOW_LINKS)) {
            throw new HttpError(404, "there is no such file in feed.directory");
        }
        return feed;
    }

    /**
     * @param busy what this process works on; null for nothing
     * @throws HttpError where it works on something
     */
    public void refuseWhileBusy(@Variable("busy") String busy) throws HttpError {
        if (busy != null) {
            throw new HttpError(409, busy + " is going on");
        }
    }

    /** Why no feed was fetched. */
    public static Problem unfetched(@Variable("notFetched") String message) {
        return new Problem(502, "no feed was fetched: " + message);
    }

    /**
     * @param number of a run, as the address has it
     * @throws HttpError where it is none
     */
    public static long number(@Header("run") String number) throws HttpError {
        if (!number.matches("[1-9]\\d{0,17}")) {
            throw new HttpError(404, "there is no such run");
        }
        return Long.parseLong(number);
    }

    /**
     * What is answered.
     *
     * @param run null where it has not begun in the time that a caller waits
     */
    public static ObjectNode begun(@Variable("order") String feed, @Variable("begun") Long run) {
        return Json.exact().createObjectNode().put("feed", feed).put("run", run);
    }
}
