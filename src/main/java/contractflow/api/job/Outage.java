package contractflow.api.job;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * An API or the warehouse brings no answer.
 *
 * @param since the first failure since its last answer, ISO 8601
 * @param givesUpAt when the run stops waiting for it, ISO 8601; null where that is not known
 * @param lastError the last failure, on one line
 */
@JsonNaming(SnakeCaseStrategy.class)
public record Outage(String since, String givesUpAt, String lastError) {

    static Outage of(Instant since, Instant givesUpAt, String lastError) {
        return new Outage(text(since), givesUpAt == null ? null : text(givesUpAt), lastError);
    }

    /** Whole seconds: it is computed anew with each look. */
    private static String text(Instant time) {
        return time.plusMillis(500).truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
