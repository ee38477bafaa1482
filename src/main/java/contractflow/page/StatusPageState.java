package contractflow.page;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import contractflow.observe.RunState;
import java.util.List;

/**
 * What the status page shows of this process, without asking the database.
 *
 * @param runs how the runs of this process are going
 * @param version of ContractFlow
 * @param usagePeriod the month whose usage a run that starts now reads
 * @param mayAct whether a user who knows the token may replay and discard dead letters
 * @param replaying whether a replay from the page is going on
 * @param replayProblem what the last one has ended with; null where that was nothing
 */
@JsonNaming(SnakeCaseStrategy.class)
public record StatusPageState(
        List<RunState> runs,
        String version,
        String usagePeriod,
        boolean mayAct,
        boolean replaying,
        String replayProblem) {}
