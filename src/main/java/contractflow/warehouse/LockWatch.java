package contractflow.warehouse;

import contractflow.failure.SetupException;
import contractflow.failure.WarehouseFault;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.support.CamelContextHelper;

/** Looks twice a second, from its opening to its end, for the lock that a statement of this process waits for. */
public final class LockWatch {

    private static final long PERIOD_MILLIS = 500;

    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "lock-waits");
        thread.setDaemon(true);
        return thread;
    });

    private final LockWaits lockWaits;

    private LockWatch(LockWaits lockWaits) {
        this.lockWaits = lockWaits;
        ScheduledFuture<?> unused =
                looking.scheduleWithFixedDelay(lockWaits::look, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    static LockWatch of(LockWaits lockWaits) {
        return new LockWatch(lockWaits);
    }

    /**
     * Does something for a command, and names the lock of another session that has kept it from it. Nothing is begun then, so that
     * there is nothing to resume.
     *
     * @throws SetupException where a lock was not to be had in time
     */
    public static <T> T naming(CamelContext camel, Callable<T> work) throws Exception {
        LockWatch watch = of(camel);
        try {
            return work.call();
        } catch (Exception e) {
            if (WarehouseFault.isLock(e)) {
                throw new SetupException(LockWaits.describe(e, camel));
            }
            throw e;
        } finally {
            watch.close();
        }
    }

    private static LockWatch of(CamelContext camel) {
        DataSource views = CamelContextHelper.mandatoryLookup(camel, Warehouse.VIEWS, DataSource.class);
        LockWaits waits = LockWaits.lookingInto(views, camel).quiet(true);
        if (camel.getRegistry().findSingleByType(LockWaits.class) == null) {
            camel.getRegistry().bind("lockWaits", waits);
        }
        return new LockWatch(waits);
    }

    void close() {
        looking.shutdownNow();
        lockWaits.quiet(false);
    }
}
