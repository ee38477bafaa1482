package contractflow.warehouse;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import contractflow.failure.WarehouseFault;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.postgresql.util.PSQLState;
import org.springframework.jdbc.datasource.AbstractDataSource;

/** Connections that are kept open. One to a server that has become read-only is given up, and with it all the others. */
@SuppressWarnings("SameNameButDifferent") // Hikari calls an enum Override
public final class WarehousePool extends AbstractDataSource implements AutoCloseable {

    private final WarehouseServer server;
    private final HikariDataSource pool;

    /**
     * @param timeout how long a connection is waited for
     * @param most connections at once
     * @param idle connections that are kept when none is used
     */
    WarehousePool(WarehouseServer server, String name, Duration timeout, int most, int idle) {
        this.server = server;
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setDataSource(server);
        config.setMaximumPoolSize(most);
        config.setMinimumIdle(idle);
        config.setConnectionTimeout(timeout.toMillis());
        config.setValidationTimeout(TimeUnit.SECONDS.toMillis(3));
        config.setInitializationFailTimeout(-1);
        config.setExceptionOverride(new SQLExceptionOverride() {
            @java.lang.Override
            public Override adjudicate(SQLException failure) {
                if (!WarehouseFault.isReadOnly(failure)) {
                    // A feature that the server does not have says nothing about the connection, which may have a
                    // transaction to roll back.
                    return PSQLState.NOT_IMPLEMENTED.getState().equals(failure.getSQLState())
                            ? Override.DO_NOT_EVICT
                            : Override.CONTINUE_EVICT;
                }
                giveUpAll();
                return Override.MUST_EVICT;
            }
        });
        pool = new HikariDataSource(config);
    }

    /** {@inheritDoc} Where none can be had, it says what the server said, not that there was none in time. */
    @Override
    public Connection getConnection() throws SQLException {
        try {
            return pool.getConnection();
        } catch (SQLTransientConnectionException e) {
            SQLException refused = server.lastFailure();
            if (refused == null) {
                throw e;
            }
            throw new SQLTransientConnectionException(refused.getMessage(), refused.getSQLState(), refused);
        }
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        return getConnection();
    }

    /**
     * Whether the database can be written to. A connection that cannot is not kept: the next one may lead to another server.
     *
     * @throws SQLException where there is no answer
     */
    boolean isWritable() throws SQLException {
        try (Connection connection = getConnection()) {
            if (!isReadOnly(connection)) {
                return true;
            }
        }
        giveUpAll();
        return false;
    }

    /** Whether the connection leads to a standby, or to a database that was made read-only. */
    public static boolean isReadOnly(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet setting =
                        statement.executeQuery("SELECT current_setting('transaction_read_only')::boolean")) {
            setting.next();
            return setting.getBoolean(1);
        }
    }

    /** Those in use are closed when they are given back. */
    private void giveUpAll() {
        pool.getHikariPoolMXBean().softEvictConnections();
    }

    @Override
    public void close() {
        pool.close();
    }
}
