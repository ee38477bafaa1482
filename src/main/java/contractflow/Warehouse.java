package contractflow;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.util.PSQLState;
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
        connections = connections(url, username, password, camel.resolvePropertyPlaceholders("{{tls.ca-file}}"));
        camel.getRegistry().bind(NAME, connections);
        if (!asItIs) {
            reach(connections, url);
            verify(connections, url);
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

    private static HikariDataSource connections(String url, String username, String password, String caFile) {
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
        // A feature that the server does not have says nothing about the connection, which may have a transaction to roll back.
        config.setExceptionOverride(new KeepWhereUnsupported());
        try {
            config.setJdbcUrl(url);
            WarehouseSocketFactory.properties(url, caFile).forEach((name, value) -> config.addDataSourceProperty((String) name, value));
            if (!username.isBlank()) {
                config.setUsername(username);
                config.setPassword(password);
            }
            return new HikariDataSource(config);
        } catch (SetupException e) {
            throw e;
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

    /**
     * Makes sure that what is reached is what the settings mean.
     *
     * @throws SetupException where its sessions do not last, or its schema is not there
     */
    static void verify(DataSource warehouse, String url) {
        try {
            // The pooler first: what a session says of its schema may be another's.
            SessionPooling.verify(warehouse);
            Properties said = Driver.parseURL(url, null);
            try (Connection connection = warehouse.getConnection()) {
                SearchPath.verify(connection, said == null ? null : PGProperty.CURRENT_SCHEMA.getOrDefault(said));
            }
        } catch (SetupException e) {
            throw at(url, e);
        } catch (SQLException e) {
            throw unreachable(url, e);
        }
    }

    private static void migrate(HikariDataSource connections, String url) {
        try {
            new Migrations(connections).apply();
        } catch (SetupException e) {
            throw at(url, e);
        }
    }

    private static SetupException at(String url, SetupException e) {
        return new SetupException("warehouse.jdbc-url: in " + withoutParameters(url) + ", " + e.getMessage(), e);
    }

    /** The database cannot be connected to. */
    static SetupException unreachable(String url, Exception e) {
        return new SetupException("warehouse.jdbc-url: cannot connect to " + withoutParameters(url) + ": " + connectFault(e), e);
    }

    private static String connectFault(Exception e) {
        if (WarehouseFault.isRefusedTrust(e)) {
            return WarehouseFault.message(e);
        }
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root instanceof UnknownHostException
                ? "no name server knows the host " + root.getMessage() + ", or none answers; see whether its name is right"
                : WarehouseFault.message(root);
    }

    /** Who we are to the database, so that another process can say who has a feed. */
    private static String applicationName() {
        return "contractflow, process " + ProcessHandle.current().pid();
    }

    /** Parameters of a URL may hold a password. */
    static String withoutParameters(String url) {
        return url.replaceAll("[?].*", "");
    }

    /** Has the pool keep a connection on which a statement was not supported. */
    private static final class KeepWhereUnsupported implements SQLExceptionOverride {

        @java.lang.Override
        public Override adjudicate(SQLException e) {
            return PSQLState.NOT_IMPLEMENTED.getState().equals(e.getSQLState()) ? Override.DO_NOT_EVICT : Override.CONTINUE_EVICT;
        }
    }
}
