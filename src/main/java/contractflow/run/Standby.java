package contractflow.run;

import contractflow.failure.FeedInUse;
import contractflow.failure.WarehouseFault;
import contractflow.feed.Feed;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Of several services of one name on one warehouse, one works and the others stand by. Which one, is a lock of the warehouse: it goes
 * with the process that has it, or with its connection.
 */
public final class Standby {

    private static final Logger LOG = LoggerFactory.getLogger(Standby.class);

    private static final String UNKNOWN = "the warehouse does not say which service works";

    private final FeedLock locks;
    private final Runs runs;
    private String name = "";

    /** Why this service does not work; null where it does. */
    private volatile String reason = "it has not yet looked whether another one works";

    public Standby(FeedLock locks, Runs runs) {
        this.locks = locks;
        this.runs = runs;
    }

    /**
     * @param name of the service; empty where it is alone
     */
    public void setName(String name) {
        this.name = name.strip();
        if (this.name.isEmpty()) {
            reason = null;
        }
    }

    /**
     * Sees which service works. One that no longer does leaves its runs to the other.
     *
     * Where the warehouse does not say, none takes a feed until it does.
     *
     * @return whether this one begins to work
     */
    public boolean look() {
        String before = reason;
        try {
            locks.hold(Feed.ofService(name));
            reason = null;
        } catch (FeedInUse e) {
            reason = e.getMessage();
            if (!reason.equals(before)) {
                LOG.info("This service stands by: {}", reason);
            }
            runs.leaveAll("another service works: " + reason);
        } catch (SQLException e) {
            reason = UNKNOWN;
            if (!reason.equals(before)) {
                LOG.warn("This service stands by: {}: {}", reason, WarehouseFault.message(e));
            }
        }
        return reason == null && before != null;
    }

    /** Whether this service takes feeds and fetches them. */
    public boolean isWorking() {
        return reason == null;
    }

    /** Why it does not; null where it does. */
    public String reason() {
        return reason;
    }

    /**
     * Refuses what another service is to do.
     *
     * @throws FeedInUse where this one stands by
     */
    public void refuseWhileStandingBy() throws FeedInUse {
        String why = reason;
        if (why != null) {
            throw new FeedInUse("this service stands by: " + why);
        }
    }
}
