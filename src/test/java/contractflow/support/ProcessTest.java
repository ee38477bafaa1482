package contractflow.support;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The whole process in a folder of its own, against a real PostgreSQL and real HTTP servers. */
public abstract class ProcessTest {

    /** What NetSuite and the usage API answer in this test; by default, a sound answer to everything. */
    protected final FakeApis apis = new FakeApis();

    protected final String databaseUrl = createDatabase();

    /** Settings, as environment variables; a test may change them. */
    protected final Map<String, String> environment = new HashMap<>();

    /** Where the process is started; empty. */
    @TempDir
    protected Path folder;

    @TempDir
    private Path feeds;

    @TempDir
    private Path reports;

    /**
     * The database of this test.
     *
     * @return its JDBC URL
     */
    protected String createDatabase() {
        return TestDatabase.createWithTables();
    }

    @BeforeEach
    void configure() {
        environment.put("NETSUITE_BASE_URL", apis.netsuite().baseUrl());
        environment.put("NETSUITE_TOKEN", FakeApis.NETSUITE_TOKEN);
        environment.put("NETSUITE_REQUESTS_PER_SECOND", "1000");
        // Record by record, unless a test looks up many at once.
        environment.put("NETSUITE_CONTRACTS_PER_CALL", "1");
        environment.put("USAGE_CUSTOMERS_PER_CALL", "1");
        environment.put("USAGE_BASE_URL", apis.usage().baseUrl());
        environment.put("USAGE_TOKEN", FakeApis.USAGE_TOKEN);
        environment.put("USAGE_PERIOD", "2026-10");
        environment.put("USAGE_REQUESTS_PER_SECOND", "1000");
        environment.put("WAREHOUSE_JDBC_URL", databaseUrl);
        environment.put("FEED_SETTLE_TIME", "1ms");
        environment.put("REPORT_DIRECTORY", reports.toString());
    }

    @AfterEach
    void stopApis() {
        apis.stop();
    }

    protected ChildProcess start(String... arguments) throws IOException {
        return ChildProcess.start(folder, environment, arguments);
    }

    /** A free port of this machine. */
    protected static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Writes a feed of that name, outside of the folder that the process is started in. */
    protected String feed(String name, String content) throws IOException {
        return Files.writeString(feeds.resolve(name), content).toString();
    }

    /** A CSV feed of contracts C-1 to C-n, each of a customer of its own. */
    protected String feedOf(int contracts) throws IOException {
        StringBuilder csv = new StringBuilder("contract_id,customer_id\n");
        for (int i = 1; i <= contracts; i++) {
            csv.append("C-").append(i).append(",K-").append(i).append('\n');
        }
        return feed("contracts.csv", csv.toString());
    }

    /** The rows of a query to the warehouse of the settings, each by its columns' names. */
    protected List<Map<String, Object>> query(String sql) throws SQLException {
        return TestDatabase.query(environment.getOrDefault("WAREHOUSE_JDBC_URL", databaseUrl), sql);
    }
}
