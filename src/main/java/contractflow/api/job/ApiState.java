package contractflow.api.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Locale;

/**
 * How an API is doing, at one moment.
 *
 * @param api its name
 * @param state what it lets us do
 * @param pauseSeconds how long it is still left alone; 0 where it is not paused
 * @param inFlight calls that wait for its answer
 * @param limit most calls in flight that it bears at present
 * @param concurrency most calls in flight that the settings allow
 * @param requestsPerSecond most calls a second that the settings allow
 * @param rate most calls a second that it bears at present
 * @param calls that this process has made for the run
 * @param callSeconds what these took, all together
 * @param outage since when it has brought no answer; null where it has
 */
@JsonNaming(SnakeCaseStrategy.class)
public record ApiState(
        String api,
        State state,
        long pauseSeconds,
        int inFlight,
        int limit,
        int concurrency,
        double requestsPerSecond,
        double rate,
        long calls,
        double callSeconds,
        Outage outage) {

    /** What an API lets us do. */
    public enum State {
        /** It is asked as fast as its limits allow. */
        @JsonProperty("ok")
        OK,
        /** It has refused calls, and none is made for a while. */
        @JsonProperty("paused")
        PAUSED,
        /** Its breaker is open, or one call at a time asks whether it is back. */
        @JsonProperty("open")
        OPEN
    }

    /** One that is unavailable, and has no limits of ours. */
    public static ApiState unavailable(String name, Outage outage) {
        return new ApiState(name, State.OPEN, 0, 0, 0, 0, 0, 0, 0, 0, outage);
    }

    /** In a word or two, such as "paused 12 s". */
    public String inWords() {
        String word = state.name().toLowerCase(Locale.ROOT);
        return state == State.PAUSED ? word + " " + pauseSeconds + " s" : word;
    }
}
