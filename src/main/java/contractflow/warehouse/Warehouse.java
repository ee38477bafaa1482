package contractflow.warehouse;

import contractflow.config.JdbcUrl;
import contractflow.config.Secret;
import contractflow.config.time.Durations;
import contractflow.failure.SetupException;
import contractflow.failure.WarehouseFault;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.postgresql.PGProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The PostgreSQL that contracts are loaded into: the one of the settings, or the embedded one. The routes know it as
 * {@code warehouse}.
 */
public final class Warehouse implements CamelConfiguration, AutoCloseable {

    /** What the routes know it as. */
    public static final String NAME = "warehouse";

    /** The same for the status page, probes and metrics, which take no connection from a run and wait for no lock for long. */
    static final String VIEWS = "warehouseViews";

    private static final Logger LOG = LoggerFactory.getLogger(Warehouse.class);

    /** One connection loads; the others write dead letters, read the work list and hold the feed's lock. */
    private static final Path DATA = Path.of("data");

    private static final int CONNECTIONS = 8;

    /** Those of the views: as many visitors as are let in at once, and two more. None is kept. */
    private static final int VIEW_CONNECTIONS = 8;

    private final boolean readOnly;
    private final boolean patient;
    private final Path data;
    private final FirstConnection connecting = new FirstConnection();
    private final List<WarehousePool> pools = new ArrayList<>();
    private EmbeddedWarehouse embedded;

    /** One that is ready to be loaded into. */
    public Warehouse() {
        this(false, false, DATA);
    }

    private Warehouse(boolean readOnly, boolean patient, Path data) {
        this.readOnly = readOnly;
        this.patient = patient;
        this.data = data;
    }

    /** One for a process that is to stay: a password that is being changed is waited for, and its file read again. */
    public static Warehouse ofService() {
        return new Warehouse(false, true, DATA);
    }

    /** One that is looked at only: it is neither started, nor waited for, nor given tables. */
    public static Warehouse readOnly() {
        return new Warehouse(true, false, DATA);
    }

    /** The embedded one with its data in that folder, where the settings have no other. */
    public static Warehouse in(Path data) {
        return new Warehouse(false, false, data);
    }

    /** {@inheritDoc} No route starts before the database is there and has its tables. */
    @Override
    public void configure(CamelContext camel) {
        String url = setting(camel, "warehouse.jdbc-url");
        String username = setting(camel, "warehouse.username");
        if (url.isEmpty()) {
            username = EmbeddedWarehouse.USERNAME;
            if (readOnly) {
                url = EmbeddedWarehouse.urlOfRunning(data).orElse(null);
            } else {
                embedded = EmbeddedWarehouse.start(data);
                url = embedded.jdbcUrl();
            }
        }
        if (url == null) {
            camel.getRegistry().bind(NAME, new AbsentWarehouse());
            camel.getRegistry().bind(VIEWS, new AbsentWarehouse());
            return;
        }
        JdbcUrl parsed = parse(url).with(WarehouseSocketFactory.properties(url, setting(camel, "tls.ca-file")));
        String user = username;
        Supplier<String> password = password(camel, parsed);
        Duration maxWait = Durations.parse(setting(camel, "api.max-wait"));
        WarehouseServer server = new WarehouseServer(parsed, user, password, WarehouseTimeouts.of(maxWait), "");
        WarehouseServer views = new WarehouseServer(parsed, user, password, WarehouseTimeouts.ofViews(), "views");
        camel.getRegistry().bind(NAME, pool(server, NAME, WarehouseTimeouts.ofConnections(maxWait), CONNECTIONS, 1));
        camel.getRegistry()
                .bind(
                        VIEWS,
                        pool(views, VIEWS, WarehouseTimeouts.ofConnections(Duration.ofDays(1)), VIEW_CONNECTIONS, 0));
        if (!readOnly) {
            WarehouseServer plain = new WarehouseServer(parsed, user, password, WarehouseTimeouts.of(maxWait), "")
                    .leavingSessionsAsTheyAre();
            boolean waits =
                    patient && !setting(camel, "warehouse.password-file").isEmpty();
            try {
                connecting.make(plain, waits ? maxWait : Duration.ZERO);
            } catch (SQLException e) {
                close();
                throw unreachable(parsed.address(), e);
            }
            verify(plain, parsed);
            DataSource migrating =
                    new WarehouseServer(parsed, user, password, WarehouseTimeouts.ofMigrations(maxWait), "");
            migrate(new WaitingMigrations(migrating, LockWaits.lookingInto(views, camel), maxWait), parsed.address());
            LOG.info("The warehouse is {}", embedded == null ? parsed.address() : url);
        }
    }

    private static String setting(CamelContext camel, String key) {
        return camel.resolvePropertyPlaceholders("{{" + key + "}}").strip();
    }

    public static JdbcUrl parse(String url) {
        try {
            return JdbcUrl.parse(url);
        } catch (IllegalArgumentException e) {
            // Its message may have a part of the value.
            throw new SetupException("warehouse.jdbc-url must be " + JdbcUrl.DESCRIPTION);
        }
    }

    /** The password as it is when it is asked for. */
    private static Supplier<String> password(CamelContext camel, JdbcUrl url) {
        String value = camel.resolvePropertyPlaceholders("{{warehouse.password}}");
        String file = camel.resolvePropertyPlaceholders("{{warehouse.password-file}}");
        Supplier<String> password = () -> Secret.read("warehouse.password", value, file);
        if (!password.get().isEmpty() && url.parameters().containsKey("password")) {
            throw new SetupException(
                    "warehouse.jdbc-url has a password, and so have warehouse.password or warehouse.password-file: take it"
                            + " out of the URL");
        }
        return password;
    }

    private WarehousePool pool(WarehouseServer server, String name, Duration timeout, int most, int idle) {
        WarehousePool pool = new WarehousePool(server, name, timeout, most, idle);
        pools.add(pool);
        return pool;
    }

    /** To be called when the routes have stopped, and with them the last statement. */
    @Override
    public void close() {
        pools.forEach(WarehousePool::close);
        if (embedded != null) {
            embedded.close();
        }
    }

    /** Has a start that waits for the database end at once. */
    public void stopWaiting() {
        connecting.stopWaiting();
    }

    /**
     * Makes sure that what is reached is what the settings mean.
     *
     * @throws SetupException where its sessions do not last, or its schema is not there
     */
    public static void verify(DataSource warehouse, JdbcUrl url) {
        try {
            // The pooler first: what a session says of its schema may be another's.
            SessionPooling.verify(warehouse);
            try (Connection connection = warehouse.getConnection()) {
                SearchPath.verify(connection, url.parameters().get(PGProperty.CURRENT_SCHEMA.getName()));
            }
        } catch (SetupException e) {
            throw at(url.address(), e);
        } catch (SQLException e) {
            throw unreachable(url.address(), e);
        }
    }

    private static SetupException at(String url, SetupException e) {
        return new SetupException("warehouse.jdbc-url: in " + url + ", " + e.getMessage(), e);
    }

    /** The database cannot be connected to; where it refuses user, password or name, another try would not help. */
    public static SetupException unreachable(String url, Exception e) {
        String why = withoutParameters(url) + ": " + connectFault(e);
        return WarehouseFault.isRefused(e)
                ? new SetupException("warehouse.username, warehouse.password or warehouse.jdbc-url: refused by " + why)
                : new SetupException("warehouse.jdbc-url: cannot connect to " + why, e);
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
                ? "no name server knows the host " + root.getMessage()
                        + ", or none answers; see whether its name is right"
                : WarehouseFault.message(root);
    }

    private static void migrate(WaitingMigrations migrations, String url) {
        try {
            migrations.apply();
        } catch (SetupException e) {
            throw at(url, e);
        }
    }

    /** Parameters of a URL may hold a password. */
    public static String withoutParameters(String url) {
        return url.replaceAll("[?].*", "");
    }
}
