package contractflow;

import java.util.Locale;
import java.util.stream.Collectors;

/** How a run is going, for a person to read. */
final class ProgressLine {

    private ProgressLine() {}

    /** All of it, such as for a log. */
    static String of(RunState state) {
        return String.format(
                Locale.ROOT,
                "run %d: %,d of %,d (%d %%), %.1f a second, %s left%s, %,d dead; %s%s",
                state.runId(),
                state.done(),
                state.rows(),
                state.percent(),
                state.perSecond(),
                clock(state.secondsLeft()),
                state.late() ? ", too late for " + state.deadline() : "",
                state.dead(),
                apis(state),
                state.stopping() == null ? "" : "; stopping: " + state.stopping());
    }

    private static String apis(RunState state) {
        return state.apis().stream().map(api -> api.api() + " " + api.inWords()).collect(Collectors.joining(", "));
    }

    /**
     * @param seconds null where nobody knows
     */
    static String clock(Long seconds) {
        return seconds == null ? "?" : String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
}
