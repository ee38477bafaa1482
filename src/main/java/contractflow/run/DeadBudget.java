package contractflow.run;

import java.util.Locale;

/**
 * How many dead letters a run may bring: above that, it is not the records that are wrong.
 *
 * @param maxPercent of the rows that are through
 * @param minRows rows that must be through before the share means anything
 */
public record DeadBudget(double maxPercent, long minRows) {

    boolean isExceeded(long dead, long rows) {
        return rows >= minRows && dead * 100.0 > maxPercent * rows;
    }

    String reason(long dead, long rows) {
        return String.format(
                Locale.ROOT,
                "%d of %d rows are dead letters, more than %s %% (run.max-dead-percent): replay or discard them, or allow more",
                dead,
                rows,
                maxPercent);
    }
}
