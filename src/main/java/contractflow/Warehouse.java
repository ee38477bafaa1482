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

    /** What the routes know it as. */
    static final String NAME = "warehouse";

    private static final Logger LOG = LoggerFactory.getLogger(Warehouse.class);

    /** One connection loads; the others write dead letters, read the work list and hold the feed's lock. */
    private static final int CONNECTIONS = 8;

    private final boolean asItIs;
    private HikariDataSource connections;
    private EmbeddedWarehouse embedded;

    /** One that is ready to be loaded into. */
    Warehouse() {
        this(false);
    }

    private Warehouse(boolean asItIs) {
        this.asItIs = asItIs;
    }

    /** One that is looked at only: it is neither started, nor waited for, nor given tables. */
    static Warehouse asItIs() {
        return new Warehouse(true);
    }

    /** {@inheritDoc} No route starts before the database is there and has its tables. */
    @Override
    public void configure(CamelContext camel) {
        String url = camel.resolvePropertyPlaceholders("{{warehouse.jdbc-url}}");
        String username = camel.resolvePropertyPlaceholders("{{warehouse.username}}");
        if (url.isBlank()) {
            username = EmbeddedWarehouse.USERNAME;
            Path data = Path.of("data");
            if (asItIs) {
                url = EmbeddedWarehouse.urlOfRunning(data).orElse(null);
            } else {
                embedded = EmbeddedWarehouse.start(data);
                url = embedded.jdbcUrl();
            }
        }
        if (url == null) {
            camel.getRegistry().bind(NAME, new AbsentWarehouse());
            return;
        }
        String password = Secret.read(
                "warehouse.password",
                camel.resolvePropertyPlaceholders("{{warehouse.password}}"),
                camel.resolvePropertyPlaceholders("{{warehouse.password-file}}"));
        connections = connections(url, username, password);
        camel.getRegistry().bind(NAME, connections);
        if (!asItIs) {
            reach(connections, url);
            migrate(connections, url);
            LOG.info("The warehouse is {}", embedded == null ? withoutParameters(url) : url);
        }
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

    private static HikariDataSource connections(String url, String username, String password) {
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
            return new HikariDataSource(config);
        } catch (RuntimeException e) {
            throw unreachable(url, e);
        }
    }

    private static void reach(HikariDataSource connections, String url) {
        try (Connection connection = connections.getConnection()) {
            connection.isValid(3);
        } catch (SQLException e) {
            connections.close();
            throw unreachable(url, e);
        }
    }

    /** The database cannot be connected to. */
    static SetupException unreachable(String url, Exception e) {
        return new SetupException("warehouse.jdbc-url: cannot connect to " + withoutParameters(url) + ": " + rootMessage(e), e);
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
    static String withoutParameters(String url) {
        return url.replaceAll("[?].*", "");
    }
}
