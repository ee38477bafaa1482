package contractflow.run;

import contractflow.contract.DeadLetterFilter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.apache.camel.Body;
import org.apache.camel.Variable;

/** A replay of dead letters, a run for each month of usage. */
public final class Replay {

    private final DeadLetterFilter filter;
    private final Queue<Map<String, Object>> months;
    private final List<Map<String, Object>> closed = new ArrayList<>();
    private boolean incomplete;

    private Replay(DeadLetterFilter filter, List<Map<String, Object>> months) {
        this.filter = filter;
        this.months = new ArrayDeque<>(months);
    }

    /**
     * @param months the rows that {@code sql/commands/find-replays.sql} answered
     */
    public static Replay of(@Variable("filter") DeadLetterFilter filter, @Body List<Map<String, Object>> months) {
        return new Replay(filter, months);
    }

    /** Whether a month is left. What has left one incomplete would stop the next one as well. */
    public boolean isUnfinished() {
        return !incomplete && !months.isEmpty();
    }

    /** Usage period of the month that is next. */
    public String getUsagePeriod() {
        return String.valueOf(months.element().get("usage_period"));
    }

    /** The dead letters of the month that is next, which is no longer left. */
    public DeadLetterFilter next() {
        return filter.atMost(((Number) months.remove().get("letters")).longValue());
    }

    /**
     * Takes note of the run of a month.
     *
     * @param run its row, as it was closed; null where another process has closed it
     */
    public static void ended(@Variable("replay") Replay replay, @Body Map<String, Object> run) {
        replay.closed.add(run);
        replay.incomplete = run != null && "incomplete".equals(run.get("status"));
    }

    /** The rows of the runs, null for one that another process has closed. */
    public List<Map<String, Object>> getClosed() {
        return Collections.unmodifiableList(closed);
    }
}
