package contractflow.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import contractflow.config.Version;
import contractflow.contract.DeadLetterFilter;
import contractflow.contract.Json;
import contractflow.failure.WarehouseFault;
import contractflow.observe.RunState;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/** What visitors of the status page have asked to be replayed, and what has come of the last time. */
public final class Replays {

    private static final Set<String> FIELDS = Set.of("reason", "run");

    private static final int LONGEST_BECAUSE = 500;

    private volatile boolean going;
    private volatile String problem;

    /**
     * The dead letters that a visitor means.
     *
     * @param json {@code {"reason": "…", "run": 12}}, each of which may be left out
     * @throws HttpError where it says something else
     */
    public DeadLetterFilter wanted(@Body String json) throws HttpError {
        JsonNode asked = read(json);
        Set<String> fields = new TreeSet<>();
        asked.fieldNames().forEachRemaining(fields::add);
        JsonNode reason = asked.path("reason");
        JsonNode run = asked.path("run");
        boolean understood = asked.isObject()
                && FIELDS.containsAll(fields)
                && (reason.isMissingNode() || isText(reason))
                && (run.isMissingNode() || run.canConvertToLong() && run.isIntegralNumber());
        if (!understood) {
            throw new HttpError(
                    400, "send {\"reason\": \"a text\", \"run\": a number}, either of which may be left out");
        }
        return new DeadLetterFilter(run.isMissingNode() ? null : run.longValue(), reason.textValue(), null, null, null);
    }

    /**
     * The dead letters that a user closes by hand.
     *
     * @param json {@code {"reason": "…", "because": "…", "dead_letters": 12}}: at most so many of that reason, the oldest first
     * @throws HttpError where it says something else
     */
    public DeadLetterFilter discarded(@Body String json) throws HttpError {
        JsonNode asked = read(json);
        JsonNode reason = asked.path("reason");
        JsonNode because = asked.path("because");
        JsonNode most = asked.path("dead_letters");
        boolean understood = asked.isObject()
                && asked.size() == 3
                && isText(reason)
                && isText(because)
                && !because.textValue().isBlank()
                && because.textValue().length() <= LONGEST_BECAUSE
                && most.isIntegralNumber()
                && most.canConvertToLong()
                && most.longValue() > 0;
        if (!understood) {
            throw new HttpError(
                    400,
                    "send {\"reason\": \"a text\", \"because\": \"a text of at most " + LONGEST_BECAUSE
                            + " characters\", \"dead_letters\": a number}");
        }
        return new DeadLetterFilter(
                null,
                reason.textValue(),
                most.longValue(),
                null,
                because.textValue().strip());
    }

    private static boolean isText(JsonNode value) {
        return value.isTextual() && value.textValue().indexOf('\0') < 0;
    }

    /**
     * What a visitor has sent.
     *
     * @throws HttpError where it is no JSON
     */
    static JsonNode read(String json) throws HttpError {
        try {
            return Json.exact().readTree(json == null ? "" : json);
        } catch (JsonProcessingException e) {
            throw new HttpError(400, "this is not JSON");
        }
    }

    /**
     * @param months that have such letters
     * @throws HttpError where none has, or others are being replayed
     */
    public List<?> check(@Body List<?> months) throws HttpError {
        if (going) {
            throw new HttpError(409, "a replay is going on already");
        }
        if (months.isEmpty()) {
            throw new HttpError(409, "no open dead letter of that kind can be replayed");
        }
        return months;
    }

    public void begin() {
        problem = null;
        going = true;
    }

    /** What has gone wrong, in words. */
    public String failed(Exchange exchange) {
        problem = WarehouseFault.message(WarehouseFault.failure(exchange));
        return problem;
    }

    public void end() {
        going = false;
    }

    /** What the page shows besides the runs. */
    public StatusPageState state(
            @Body List<RunState> runs,
            @Variable("mayAct") boolean mayAct,
            @Variable("usagePeriod") String usagePeriod) {
        return new StatusPageState(runs, Version.current(), usagePeriod, mayAct, going, problem);
    }
}
