package contractflow.run;

import java.util.Map;

/**
 * The rows of a run that need no work when it is opened: later rows replace them, they are defective, or an earlier start has worked
 * them off.
 *
 * @param rows all of them
 * @param duplicates those that later rows replace
 * @param defective those that cannot be worked on, and whose dead letter is open
 * @param loaded those that are loaded or unchanged
 * @param dead those that are dead letters
 * @param open those whose dead letter is open: neither replayed nor discarded
 */
record Accounted(long rows, long duplicates, long defective, long loaded, long dead, long open) {

    static final Accounted NOTHING = new Accounted(0, 0, 0, 0, 0, 0);

    /**
     * @param counts what {@code sql/run/count-accounted.sql} answered
     */
    static Accounted of(Map<String, Object> counts) {
        return new Accounted(
                count(counts, "accounted"),
                count(counts, "duplicates"),
                count(counts, "defective"),
                count(counts, "loaded"),
                count(counts, "dead"),
                count(counts, "open"));
    }

    private static long count(Map<String, Object> counts, String name) {
        return ((Number) counts.get(name)).longValue();
    }

    /** Those that an API was asked for, and whose dead letters, if any, are open. */
    long worked() {
        return loaded + open - defective;
    }
}
