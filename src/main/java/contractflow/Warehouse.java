package contractflow;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The PostgreSQL that contracts are loaded into: the one of the settings, or the embedded one. The routes know it as
 * {@code warehouse}.
 */
final class Warehouse implements CamelConfiguration, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Warehouse.class);

    /** One connection loads; the others write dead letters, read the work list and hold the feed's lock. */
    private static final int CONNECTIONS = 8;

    private HikariDataSource connections;
    private EmbeddedWarehouse embedded;

    /** {@inheritDoc} No route starts before the database is there and has its tables. */
    @Override
    public void configure(CamelContext camel) {
        String url = camel.resolvePropertyPlaceholders("{{warehouse.jdbc-url}}");
        String username = camel.resolvePropertyPlaceholders("{{warehouse.username}}");
        if (url.isBlank()) {
            embedded = EmbeddedWarehouse.start(Path.of("data"));
            url = embedded.jdbcUrl();
            username = EmbeddedWarehouse.USERNAME;
        }
        String password = Secret.read(
                "warehouse.password",
                camel.resolvePropertyPlaceholders("{{warehouse.password}}"),
                camel.resolvePropertyPlaceholders("{{warehouse.password-file}}"));
        connections = connect(url, username, password);
        migrate(connections, url);
        camel.getRegistry().bind("warehouse", connections);
        LOG.info("The warehouse is {}", embedded == null ? withoutParameters(url) : url);
    }

    /** To be called when the routes have stopped, and with them the last statement. */
    @Override
    public void close() {
        if (connections != null) {
            connections.close();
        }
        if (embedded != null) {
            embedded.close();
        }
    }

    private static HikariDataSource connect(String url, String username, String password) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("warehouse");
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(TimeUnit.SECONDS.toMillis(5));
        config.setValidationTimeout(TimeUnit.SECONDS.toMillis(3));
        config.setInitializationFailTimeout(-1);
        config.addDataSourceProperty("ApplicationName", applicationName());
        config.addDataSourceProperty("connectTimeout", "5");
        // A statement that hangs on a dead connection is the database being away.
        config.addDataSourceProperty("socketTimeout", "300");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        try {
            config.setJdbcUrl(url);
            if (!username.isBlank()) {
                config.setUsername(username);
                config.setPassword(password);
            }
            HikariDataSource connections = new HikariDataSource(config);
            try (Connection connection = connections.getConnection()) {
                connection.isValid(3);
            } catch (SQLException e) {
                connections.close();
                throw e;
            }
            return connections;
        } catch (SQLException | RuntimeException e) {
            throw new SetupException(
                    "warehouse.jdbc-url: cannot connect to " + withoutParameters(url) + ": " + rootMessage(e), e);
        }
    }

    /** Who we are to the database, so that another process can say who has a feed. */
    private static String applicationName() {
        return "contractflow, process " + ProcessHandle.current().pid();
    }

    private static void migrate(HikariDataSource connections, String url) {
        try {
            new Migrations(connections).apply();
        } catch (SetupException e) {
            throw new SetupException("warehouse.jdbc-url: in " + withoutParameters(url) + ", " + e.getMessage(), e);
        }
    }

    private static String rootMessage(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return WarehouseFault.message(root);
    }

    /** Parameters of a URL may hold a password. */
    private static String withoutParameters(String url) {
        return url.replaceAll("[?].*", "");
    }
}
