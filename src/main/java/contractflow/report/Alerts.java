package contractflow.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import contractflow.contract.Json;
import contractflow.failure.Failure;
import contractflow.feed.Feed;
import contractflow.observe.RunState;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Body;
import org.apache.camel.ExchangeException;
import org.apache.camel.Variable;

/**
 * What a person is to know of at once, as JSON. Of contracts, it has no more than numbers and ids: what an API or the database has said of
 * one is left out.
 */
public final class Alerts {

    /** From here on, a message has what an API or the database has said, which may be a record. */
    private static final Pattern DATA = Pattern.compile("\\s*(?:[{\\[<]| Detail:| Where:).*", Pattern.DOTALL);

    private static final int LONGEST = 300;

    private static final List<String> COUNTS =
            List.of("rows", "loaded", "unchanged", "dead", "duplicate", "pending", "removed", "missing");

    private Set<Integer> exitCodes = Set.of();
    private String page;

    /**
     * @param exitCodes of runs that are worth an alert, separated by commas
     */
    public void setExitCodes(String exitCodes) {
        this.exitCodes = split(exitCodes).map(Integer::valueOf).collect(Collectors.toSet());
    }

    /**
     * @param names of hosts under which the page is shown, separated by commas, or nothing
     */
    public void setServerNames(String names) {
        page = split(names).findFirst().map(name -> "https://" + name + "/").orElse(null);
    }

    private static Stream<String> split(String list) {
        return Stream.of(list.split(",")).map(String::strip).filter(part -> !part.isEmpty());
    }

    /** Whether the end of a run is worth an alert. */
    public boolean isWanted(@Body JsonNode alert) {
        return exitCodes.contains(alert.path("exit_code").intValue())
                || !alert.path("drift").isEmpty();
    }

    /** Whether all of a run's rows have an outcome. */
    public boolean isGood(@Body JsonNode alert) {
        return alert.path("status").asText().equals("complete");
    }

    /**
     * A run is over.
     *
     * @param report what {@code sql/report/report-as-json.sql} answers
     */
    public JsonNode ended(@Body String report) throws IOException {
        JsonNode read = Json.exact().readTree(report);
        JsonNode run = read.path("run");
        String status = run.path("status").asText();
        ObjectNode alert =
                of("run-ended", run.path("run_id").longValue(), run.path("feed").asText());
        alert.put("status", status);
        alert.put("reason", reason(run.path("reason")));
        alert.put("exit_code", ExitCode.of(Json.exact().convertValue(run, Map.class)));
        ObjectNode counts = alert.putObject("counts");
        COUNTS.forEach(name -> counts.set(name, run.get(name)));
        var letters = alert.putArray("dead_letters");
        read.path("dead_letters")
                .forEach(letter -> letters.addObject()
                        .put("stage", letter.path("stage").asText())
                        .put("reason", reason(letter.path("reason")))
                        .put("count", letter.path("letters").longValue()));
        List<String> drift = read.path("drift")
                .valueStream()
                .map(field -> field.path("field").asText())
                .toList();
        alert.set("drift", Json.exact().valueToTree(drift));
        String why =
                alert.path("reason").isNull() ? "" : ": " + alert.get("reason").asText();
        return text(
                alert,
                "Run " + run.path("run_id").asText() + " of " + run.path("feed").asText() + " is " + status + why
                        + "; of "
                        + run.path("rows").asLong() + " rows, "
                        + run.path("dead").asLong() + " are dead letters and "
                        + run.path("pending").asLong() + " are pending."
                        + (drift.isEmpty()
                                ? ""
                                : " Fields are absent or of another type: " + String.join(", ", drift) + "."));
    }

    /** A run will miss its deadline. */
    public JsonNode late(@Body RunState run) {
        ObjectNode alert = of("run-late", run.runId(), run.feed());
        alert.put("status", "running").put("deadline", run.deadline()).put("seconds_left", run.secondsLeft());
        alert.putObject("counts")
                .put("rows", run.rows())
                .put("dead", run.dead())
                .put("pending", run.rows() - run.done());
        return text(
                alert,
                "Run " + run.runId() + " of " + run.feed() + " will miss its deadline of " + run.deadline() + ": "
                        + (run.rows() - run.done()) + " of " + run.rows() + " rows are left.");
    }

    /** A run has ended by an error, of which the warehouse may not know. */
    public JsonNode failed(@Variable("feed") Feed feed, @ExchangeException Throwable failure) {
        ObjectNode alert =
                of("run-failed", null, feed.name()).put("status", "failed").put("reason", reason(failure));
        return text(
                alert,
                "The run of " + feed.name() + " has ended early: "
                        + alert.get("reason").asText());
    }

    /** No feed was fetched at a time of the schedule. */
    public JsonNode notFetched(@ExchangeException Throwable failure) {
        ObjectNode alert = of("fetch-failed", null, null).put("reason", reason(failure));
        return text(alert, "No feed was fetched: " + alert.get("reason").asText());
    }

    /** No process was there at a time of the schedule. */
    public JsonNode missed(@Variable("missed") String time) {
        ObjectNode alert = of("fetch-missed", null, null).put("time", time);
        return text(alert, "The fetch of " + time + " was missed; `contractflow fetch` makes up for it.");
    }

    private ObjectNode of(String event, Long run, String feed) {
        return Json.exact()
                .createObjectNode()
                .put("event", event)
                .put("run", run)
                .put("feed", feed);
    }

    private JsonNode text(ObjectNode alert, String text) {
        return alert.put("link", page).put("text", text);
    }

    private static String reason(JsonNode message) {
        return message.isTextual() ? reason(message.asText()) : null;
    }

    private static String reason(Throwable failure) {
        return failure == null ? "another process has closed it" : reason(Failure.describe(failure));
    }

    private static String reason(String message) {
        String words = DATA.matcher(message).replaceFirst("…").replaceAll("[\\s\\p{Cntrl}]+", " ");
        return words.length() <= LONGEST ? words : words.substring(0, LONGEST) + "…";
    }
}
