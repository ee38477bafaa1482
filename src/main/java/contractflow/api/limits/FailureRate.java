package contractflow.api.limits;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How often calls fail for records that the API does answer in the end, of the last ones. A record that always fails is not among
 * them, so that many of these say nothing about the API. From it follows how often a record has to fail until that is no chance.
 *
 * <p>Callers exclude each other.
 */
final class FailureRate {

    private static final int REMEMBERED = 30;

    /** One may be an exception. */
    private static final int FEW = 1;

    /** How likely it may be that a good record fails as often as it has to. */
    private static final double BY_CHANCE = 1e-6;

    /** How often each of the last records failed before it was answered. */
    private final Deque<Integer> records = new ArrayDeque<>();

    private int failures;
    private int failedForKnown;

    /**
     * A record was answered.
     *
     * @param failed calls for it that had failed until then
     */
    void answered(int failed) {
        records.addLast(failed + failedForKnown);
        failures += failed + failedForKnown;
        failedForKnown = 0;
        if (records.size() > REMEMBERED) {
            failures -= records.removeFirst();
        }
    }

    /** A call has failed for a record that was answered before, and is not asked for again. */
    void failedForKnown() {
        failedForKnown++;
    }

    /**
     * How often a record has to fail until the record is at fault.
     *
     * @param least where the API answers all others at once
     */
    int attempts(int least) {
        if (failures <= FEW) {
            return least;
        }
        double share = (double) failures / (failures + records.size());
        return (int) Math.max(least, Math.ceil(Math.log(BY_CHANCE) / Math.log(share)));
    }
}
