package contractflow.warehouse;

import contractflow.failure.WarehouseFault;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connects at the start, and waits for a password that is being changed. */
final class FirstConnection {

    private static final Logger LOG = LoggerFactory.getLogger(Warehouse.class);

    /** Between two tries to connect, in seconds. */
    private static final long PAUSE = 2;

    private final CountDownLatch closing = new CountDownLatch(1);

    /**
     * @param forPassword how long a password is waited for that is refused, or whose file is being replaced
     * @throws SQLException where the database cannot be connected to
     */
    void make(WarehouseServer server, Duration forPassword) throws SQLException {
        long start = System.nanoTime();
        boolean waits = false;
        while (true) {
            try (Connection connection = server.getConnection()) {
                connection.isValid(3);
                return;
            } catch (SQLException e) {
                boolean late = System.nanoTime() - start >= forPassword.toNanos();
                if (late || !WarehouseFault.CREDENTIALS.equals(e.getSQLState()) || isClosingWithin(PAUSE)) {
                    throw e;
                }
                if (!waits) {
                    LOG.warn(
                            "The warehouse refuses our user or password, warehouse.password-file is read again for {} s: {}",
                            forPassword.toSeconds(),
                            WarehouseFault.message(e));
                    waits = true;
                }
            }
        }
    }

    private boolean isClosingWithin(long seconds) {
        try {
            return closing.await(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Ends a wait at once. */
    void stopWaiting() {
        closing.countDown();
    }
}
