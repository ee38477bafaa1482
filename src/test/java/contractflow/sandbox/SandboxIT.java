package contractflow.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import contractflow.support.ChildProcess;
import contractflow.support.ProcessTest;
import contractflow.support.TestDatabase;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The sandbox works as a whole: it signs in to its own APIs with a key that it has made. */
class SandboxIT extends ProcessTest {

    private static final String ROWS =
            "SELECT contract_id, contract_name, status, start_date, end_date, trim_scale(total_value) AS value,"
                    + " currency, usage_value FROM contract_enriched ORDER BY contract_id";

    @Test
    void runAgainstTheSimulatedApisLoadsEverything_inEitherWayOfAsking() throws Exception {
        environment.keySet().removeIf(key -> !key.startsWith("WAREHOUSE"));
        StringBuilder csv = new StringBuilder("contract_id,customer_id\n");
        for (int i = 10; i < 25; i++) {
            csv.append("100").append(i).append(",70").append(i).append('\n');
        }
        String feed = feed("contracts.csv", csv.toString());

        run(feed);

        List<Map<String, Object>> rows = query(ROWS);
        assertThat(rows).hasSize(15);
        assertThat(query("SELECT api, calls FROM run_api ORDER BY api"))
                .containsExactly(Map.of("api", "netsuite", "calls", 1L), Map.of("api", "usage", "calls", 1L));
        Path key = folder.resolve("data/sandbox-netsuite-key.pem");
        assertThat(key).isRegularFile();
        if (key.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                    .isEqualTo("rw-------");
        }

        environment.put("NETSUITE_CONTRACTS_PER_CALL", "1");
        String other = TestDatabase.createWithTables();
        environment.put("WAREHOUSE_JDBC_URL", other);
        run(feed);

        assertThat(TestDatabase.query(other, "SELECT calls FROM run_api WHERE api = 'netsuite'"))
                .containsExactly(Map.of("calls", 15L));
        assertThat(TestDatabase.query(other, ROWS)).isEqualTo(rows);
    }

    private void run(String feed) throws Exception {
        try (ServerSocket free = new ServerSocket(0)) {
            environment.put("SERVER_PORT", String.valueOf(free.getLocalPort()));
        }
        try (ChildProcess process = start("run", "--profile", "sandbox", feed)) {
            assertThat(process.exitCode()).as(process.output()).isZero();
            process.assertFitToRead();
        }
    }
}
