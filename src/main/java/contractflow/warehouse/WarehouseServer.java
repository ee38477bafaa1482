package contractflow.warehouse;

import contractflow.config.JdbcUrl;
import contractflow.failure.SetupException;
import contractflow.failure.WarehouseFault;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Properties;
import java.util.function.Supplier;
import org.postgresql.Driver;
import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * Opens connections to the database, each with the password as it is then, so that a password can be changed while the process
 * works.
 */
final class WarehouseServer extends AbstractDataSource {

    private static final int CONNECT_SECONDS = 5;

    /** What a session is to do, whatever the role or the database has set. The server ends a session whose process is gone. */
    private static final String SESSION = """
            SELECT set_config('lock_timeout', ?, false), set_config('statement_timeout', ?, false),
              set_config('tcp_keepalives_idle', '30', false), set_config('tcp_keepalives_interval', '10', false),
              set_config('tcp_keepalives_count', '3', false)
            """;

    private final JdbcUrl url;
    private final String username;
    private final Supplier<String> password;
    private final WarehouseTimeouts timeouts;
    private final String applicationName;
    private final Driver driver = new Driver();
    private boolean sessionsAsTheyAre;
    private volatile SQLException lastFailure;

    /**
     * @param username empty where the URL names one
     * @param password asked for each connection; empty for none of ours
     * @param use what the connections are for, as a part of our name to the database; empty for the runs
     */
    WarehouseServer(JdbcUrl url, String username, Supplier<String> password, WarehouseTimeouts timeouts, String use) {
        this.url = url;
        this.username = username;
        this.password = password;
        this.timeouts = timeouts;
        this.applicationName = applicationName() + (use.isEmpty() ? "" : ", " + use);
    }

    /** Gives its sessions no timeouts: behind a pooler, they may be those of other programs as well. */
    WarehouseServer leavingSessionsAsTheyAre() {
        sessionsAsTheyAre = true;
        return this;
    }

    /** Who we are to the database, so that another process can say who has a feed. */
    private String applicationName() {
        return url.parameters()
                .getOrDefault(
                        "ApplicationName",
                        "contractflow, process " + ProcessHandle.current().pid());
    }

    @Override
    public Connection getConnection() throws SQLException {
        try {
            Connection connection = driver.connect(url.address(), properties());
            try {
                prepare(connection);
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
            lastFailure = null;
            return connection;
        } catch (SQLException e) {
            lastFailure = e;
            throw e;
        }
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        return getConnection();
    }

    /** Why no connection could be opened, the last time; null where it could. */
    SQLException lastFailure() {
        return lastFailure;
    }

    /** {@inheritDoc} It is said by the driver's properties. */
    @Override
    public void setLoginTimeout(int seconds) {}

    private Properties properties() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("connectTimeout", String.valueOf(CONNECT_SECONDS));
        // A server may take the connection and never answer.
        properties.setProperty("loginTimeout", String.valueOf(CONNECT_SECONDS * (url.hosts() + 1)));
        properties.setProperty("socketTimeout", String.valueOf(timeouts.socketSeconds()));
        properties.setProperty("tcpKeepAlive", "true");
        if (!username.isEmpty()) {
            properties.setProperty("user", username);
        }
        try {
            String secret = password.get();
            if (!secret.isEmpty()) {
                properties.setProperty("password", secret);
            }
        } catch (SetupException e) {
            // While a file is replaced, it may not be there.
            throw new SQLException(e.getMessage(), WarehouseFault.CREDENTIALS, e);
        }
        properties.putAll(url.parameters());
        properties.setProperty("ApplicationName", applicationName);
        return properties;
    }

    private void prepare(Connection connection) throws SQLException {
        if (sessionsAsTheyAre) {
            return;
        }
        try (PreparedStatement session = connection.prepareStatement(SESSION)) {
            session.setString(1, String.valueOf(timeouts.lock().toMillis()));
            session.setString(2, String.valueOf(timeouts.statement().toMillis()));
            session.execute();
        }
    }
}
