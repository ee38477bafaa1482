package contractflow.support;

import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;

import com.github.tomakehurst.wiremock.WireMockServer;
import contractflow.config.ApplicationFiles;
import contractflow.process.CamelSetup;
import contractflow.process.Mode;
import contractflow.warehouse.Warehouse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.main.MainConfigurationProperties;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real routes on the real settings, against a real PostgreSQL and real HTTP servers. A test says what the two APIs answer,
 * runs a feed, and looks at the database.
 */
public abstract class ContractFlowTest extends CamelTestSupport {

    static {
        // What is awaited comes soon, except on a machine that is busy with something else.
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
    }

    /** What NetSuite and the usage API answer in this test; by default, a sound answer to everything. */
    protected final FakeApis apis = createApis();

    protected final String databaseUrl = createDatabase();

    @TempDir
    protected Path folder;

    @TempDir
    protected Path reports;

    private final Warehouse warehouse = new Warehouse();

    /** Sets up what the routes run in; nothing is started yet. */
    protected void configure(MainConfigurationProperties camel) {
        CamelSetup.configure(camel, new Properties(), List.of(), Mode.CHECK, warehouse);
        // The watched folder and the schedule are the affair of the tests that watch it.
        if (watches()) {
            load(camel, "service");
        }
    }

    /** Loads folders of routes besides. */
    protected static void load(MainConfigurationProperties camel, String... besides) {
        List<String> folders =
                Stream.concat(Mode.CHECK.folders().stream(), Stream.of(besides)).toList();
        camel.setRoutesIncludePattern(CamelSetup.routes(List.of(), folders));
    }

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext camel = super.createCamelContext();
        camel.setClassResolver(new RememberingClassResolver(camel));
        TestMain main = new TestMain();
        configure(main.configure());
        main.setPropertyPlaceholderLocations(ApplicationFiles.settings(List.of()));
        main.setOverrideProperties(properties());
        main.init(camel);
        return camel;
    }

    /** The two APIs of this test. */
    protected FakeApis createApis() {
        return new FakeApis();
    }

    /**
     * The database of this test.
     *
     * @return its JDBC URL
     */
    protected String createDatabase() {
        return TestDatabase.createWithTables();
    }

    /** Whether the route that watches the folder is started. */
    protected boolean watches() {
        return false;
    }

    /** Settings that a test wants otherwise, by their keys. */
    protected Map<String, String> settings() throws Exception {
        return Map.of();
    }

    private Properties properties() throws Exception {
        Properties properties = new Properties();
        properties.setProperty(ApplicationFiles.SQL, ApplicationFiles.directory("sql"));
        properties.setProperty("camel.server.enabled", "false");
        properties.setProperty("camel.management.enabled", "false");
        properties.setProperty("camel.metrics.enabled", "false");
        properties.setProperty("feed.directory", folder.toString());
        properties.setProperty("feed.settle-time", "500ms");
        properties.setProperty("report.directory", reports.toString());
        properties.setProperty("netsuite.base-url", apis.netsuite().baseUrl());
        properties.setProperty("netsuite.token", FakeApis.NETSUITE_TOKEN);
        properties.setProperty("usage.base-url", apis.usage().baseUrl());
        properties.setProperty("usage.token", FakeApis.USAGE_TOKEN);
        properties.setProperty("usage.period", "2026-10");
        // Record by record, unless a test looks up many at once.
        properties.setProperty("netsuite.contracts-per-call", "1");
        properties.setProperty("usage.customers-per-call", "1");
        properties.setProperty("warehouse.jdbc-url", databaseUrl);
        properties.putAll(settings());
        return properties;
    }

    @AfterEach
    void stopAll() {
        warehouse.close();
        apis.stop();
    }

    /** Writes a feed of that name. */
    protected Path feed(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    /** A CSV feed of contracts C-1 to C-n, each of a customer of its own. */
    protected Path feedOf(int contracts) throws IOException {
        StringBuilder csv = new StringBuilder("contract_id,customer_id\n");
        for (int i = 1; i <= contracts; i++) {
            csv.append("C-").append(i).append(",K-").append(i).append('\n');
        }
        return feed("contracts.csv", csv.toString());
    }

    /**
     * Runs a feed to its end.
     *
     * @return the row of its run
     */
    protected Map<String, Object> run(Path feed) throws Exception {
        Exchange result = template.request(
                "direct:run-feed", exchange -> exchange.getMessage().setBody(feed.toFile()));
        if (result.getException() != null) {
            throw result.getException();
        }
        return query("SELECT * FROM run WHERE run_id = (SELECT max(run_id) FROM run)")
                .get(0);
    }

    /** Runs a feed while the test does something else. */
    protected CompletableFuture<Map<String, Object>> runInBackground(Path feed) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return run(feed);
            } catch (Exception e) {
                throw new CompletionException(e);
            }
        });
    }

    /** The rows of a query, each by its columns' names. */
    protected List<Map<String, Object>> query(String sql) throws SQLException {
        return TestDatabase.query(databaseUrl, sql);
    }

    /** The one value of a query. */
    protected Object value(String sql) throws SQLException {
        return query(sql).get(0).values().iterator().next();
    }

    protected void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(databaseUrl);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Makes the database take that long over each row of a contract. */
    protected void slowDownLoading(Duration perRow) throws SQLException {
        execute("CREATE FUNCTION slow_down() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep("
                + perRow.toMillis() / 1000.0 + "); RETURN NEW; END $$");
        execute(
                "CREATE TRIGGER slow_down BEFORE INSERT ON contract_enriched FOR EACH ROW EXECUTE FUNCTION slow_down()");
    }

    /**
     * A server that is called by HTTPS as well.
     *
     * @param store of its key and certificate, PKCS#12
     */
    public static WireMockServer tlsServer(Path store) {
        WireMockServer server = new WireMockServer(wireMockConfig()
                .dynamicPort()
                .dynamicHttpsPort()
                .bindAddress("127.0.0.1")
                .keystoreType("PKCS12")
                .keystorePath(store.toString())
                .keystorePassword(TestKeys.PASSWORD)
                .keyManagerPassword(TestKeys.PASSWORD)
                .templatingEnabled(true));
        server.start();
        return server;
    }

    public static WireMockServer server() {
        WireMockServer server = new WireMockServer(wireMockConfig()
                .dynamicPort()
                .bindAddress("127.0.0.1")
                .containerThreads(100)
                .asynchronousResponseEnabled(true)
                .templatingEnabled(true));
        server.start();
        return server;
    }
}
