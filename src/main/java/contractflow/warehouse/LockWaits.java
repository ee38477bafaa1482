package contractflow.warehouse;

import contractflow.config.ApplicationFiles;
import contractflow.failure.WarehouseFault;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.camel.Body;
import org.apache.camel.CamelContext;
import org.apache.camel.support.ResourceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/** The lock of another session that a statement of this process waits for. It is seen by another connection, while it waits. */
public final class LockWaits {

    private static final Logger LOG = LoggerFactory.getLogger(LockWaits.class);

    /** A statement that is tried again does not wait for a moment; only a longer one means that the lock is free. */
    private static final int LOOKS_WITHOUT = 3;

    private DataSource warehouse;
    private String statement;
    private Instant since;
    private String lock;
    private int looksWithout;
    private volatile Level level = Level.WARN;

    /** The one of the routes, or a new one where these routes have none or are not there yet, which can {@link #look} by itself. */
    static LockWaits lookingInto(DataSource warehouse, CamelContext camel) {
        LockWaits ofRoutes = camel.getRegistry().findSingleByType(LockWaits.class);
        LockWaits waits = ofRoutes == null ? new LockWaits() : ofRoutes;
        waits.warehouse = warehouse;
        String file = camel.resolvePropertyPlaceholders("{{" + ApplicationFiles.SQL + "}}/failure/lock-waits.sql");
        try (InputStream in = ResourceHelper.resolveMandatoryResourceAsInputStream(camel, file)) {
            waits.statement = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return waits;
    }

    /** For a command that says in its last line what it has waited for, and so need not log it. */
    LockWaits quiet(boolean quiet) {
        level = quiet ? Level.DEBUG : Level.WARN;
        return this;
    }

    /** Sees whether a statement waits. */
    void look() {
        try {
            take(new JdbcTemplate(warehouse).queryForList(statement));
        } catch (DataAccessException e) {
            LOG.debug("Whether a statement waits for a lock cannot be seen: {}", WarehouseFault.message(e));
        }
    }

    /**
     * Takes note of what {@code sql/failure/lock-waits.sql} answered.
     *
     * @param rows the longest wait, or none
     */
    public synchronized void take(@Body List<Map<String, Object>> rows) {
        if (rows.isEmpty()) {
            if (since != null && ++looksWithout >= LOOKS_WITHOUT) {
                LOG.info("warehouse: the lock on {} is waited for no more", lock);
                since = null;
            }
            return;
        }
        looksWithout = 0;
        Map<String, Object> wait = rows.get(0);
        String now = wait.get("waits_for") + ", held by " + wait.get("held_by");
        if (since == null) {
            since = Instant.now().minusSeconds(((Number) wait.get("seconds")).longValue());
            lock = "";
        }
        if (!now.equals(lock)) {
            lock = now;
            LOG.atLevel(level).log("warehouse: {}", describe());
        }
    }

    /**
     * The failure of a statement that has waited for a lock for too long, in words, with the lock where it was seen.
     *
     * @return such as: the warehouse is locked: a statement waits for a lock on run, held by …
     */
    public static String describe(Throwable failure, CamelContext camel) {
        LockWaits waits = camel.getRegistry().findSingleByType(LockWaits.class);
        String lock = waits == null ? null : waits.describe();
        return "the warehouse is locked: " + (lock == null ? WarehouseFault.message(failure) : "a statement " + lock);
    }

    /** What is waited for, to be put after a failure; empty where nothing is known. */
    public String asReason() {
        String lock = describe();
        return lock == null ? "" : "; it " + lock;
    }

    /** What is waited for, and for how long; null where nothing is. */
    public synchronized String describe() {
        return since == null
                ? null
                : "waits for a lock on " + lock + ", for "
                        + Duration.between(since, Instant.now()).toSeconds() + " s";
    }
}
