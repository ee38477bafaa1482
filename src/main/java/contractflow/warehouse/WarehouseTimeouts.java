package contractflow.warehouse;

import java.time.Duration;

/**
 * How long the database may take before it counts as unavailable, by {@code api.max-wait}.
 *
 * @param lock for a lock; the statement is tried again afterwards, so a run that is to end soon is not held by one
 * @param statement for a statement, after which the server cancels it; zero for as long as it takes
 */
public record WarehouseTimeouts(Duration lock, Duration statement) {

    /** What the network adds: the server's own message is to come first. */
    private static final Duration NETWORK = Duration.ofSeconds(5);

    /** Those of a run. */
    public static WarehouseTimeouts of(Duration maxWait) {
        return new WarehouseTimeouts(
                between(Duration.ofSeconds(2), maxWait.dividedBy(4), Duration.ofSeconds(5)),
                between(Duration.ofSeconds(5), maxWait, Duration.ofMinutes(5)));
    }

    /** Those of the status page, probes and metrics. */
    static WarehouseTimeouts ofViews() {
        return new WarehouseTimeouts(Duration.ofSeconds(2), Duration.ofSeconds(8));
    }

    /** Those of migrations, which may rewrite a large table. */
    public static WarehouseTimeouts ofMigrations(Duration maxWait) {
        return new WarehouseTimeouts(maxWait, Duration.ZERO);
    }

    /** For a connection of a pool: what waits for one is tried again afterwards. */
    static Duration ofConnections(Duration maxWait) {
        return between(Duration.ofSeconds(1), maxWait.dividedBy(4), Duration.ofSeconds(5));
    }

    /** For an answer of the network, in seconds; 0 for as long as it takes. */
    public long socketSeconds() {
        return statement.isZero() ? 0 : statement.plus(NETWORK).toSeconds();
    }

    private static Duration between(Duration least, Duration wanted, Duration most) {
        return wanted.compareTo(least) < 0 ? least : wanted.compareTo(most) > 0 ? most : wanted;
    }
}
