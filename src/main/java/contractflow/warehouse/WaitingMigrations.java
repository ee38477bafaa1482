package contractflow.warehouse;

import contractflow.failure.SetupException;
import contractflow.failure.WarehouseFault;
import contractflow.warehouse.migration.Migrations;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies migrations to tables that are in use. A script that waits for the lock of a table has all who come after it wait as well,
 * so it waits a moment only, lets them pass, and tries again.
 */
final class WaitingMigrations {

    private static final Logger LOG = LoggerFactory.getLogger(WaitingMigrations.class);

    /** Between two tries, in seconds. */
    private static final long PAUSE = 2;

    private final DataSource warehouse;
    private final LockWaits lockWaits;
    private final Duration maxWait;

    /**
     * @param lockWaits says what a script waits for
     * @param maxWait how long locks are waited for, all together
     */
    WaitingMigrations(DataSource warehouse, LockWaits lockWaits, Duration maxWait) {
        this.warehouse = warehouse;
        this.lockWaits = lockWaits;
        this.maxWait = maxWait;
    }

    /**
     * Applies what is new.
     *
     * @throws SetupException where a script fails, or a lock was waited for longer than {@code maxWait}
     */
    void apply() {
        long start = System.nanoTime();
        LockWatch watch = LockWatch.of(lockWaits);
        try {
            while (!tryToApply(start)) {
                TimeUnit.SECONDS.sleep(PAUSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SetupException("stopped while the tables were brought up to date", e);
        } finally {
            watch.close();
        }
    }

    private boolean tryToApply(long start) {
        try {
            new Migrations(warehouse).apply();
            return true;
        } catch (SetupException e) {
            if (!WarehouseFault.isLock(e)) {
                throw e;
            }
            String lock = lockWaits.asReason();
            if (System.nanoTime() - start > maxWait.toNanos()) {
                throw new SetupException(e.getMessage() + ", for more than " + maxWait.toSeconds() + " s" + lock, e);
            }
            LOG.debug("{}{}", e.getMessage(), lock);
            return false;
        }
    }
}
