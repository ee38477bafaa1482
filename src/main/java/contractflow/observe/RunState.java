package contractflow.observe;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import contractflow.api.job.ApiState;
import java.util.List;

/**
 * How a run is going, at one moment.
 *
 * @param runId its number
 * @param feed the name of its feed
 * @param usagePeriod the month whose usage is read
 * @param rows of the feed
 * @param done rows whose fate is in the database
 * @param dead those of them that are dead letters
 * @param seconds since this process has opened the run
 * @param perSecond rows a second, of late
 * @param secondsLeft at that rate; null where nothing can be said
 * @param deadline when it takes on no more contracts, ISO 8601; null for never
 * @param late whether the deadline will be missed at that rate
 * @param stopping why it takes on no more contracts; null while it does
 * @param waiting what it waits for in the warehouse, and for how long, in words; null where it does not
 * @param apis how each API is doing
 */
@JsonNaming(SnakeCaseStrategy.class)
public record RunState(
        long runId,
        String feed,
        String usagePeriod,
        long rows,
        long done,
        long dead,
        double seconds,
        double perSecond,
        Long secondsLeft,
        String deadline,
        boolean late,
        String stopping,
        String waiting,
        List<ApiState> apis) {

    /** Whole percent of the rows that are done, rounded down: 100 is all of them. */
    @JsonIgnore
    public long percent() {
        return rows == 0 ? 100 : 100 * done / rows;
    }
}
