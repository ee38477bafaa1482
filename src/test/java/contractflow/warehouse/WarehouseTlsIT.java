package contractflow.warehouse;

import static contractflow.support.FakeApis.anyContract;
import static contractflow.support.FakeApis.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import contractflow.failure.WarehouseFault;
import contractflow.report.ExitCode;
import contractflow.support.ChildProcess;
import contractflow.support.ProcessTest;
import contractflow.support.TestDatabase;
import contractflow.support.TestKeys;
import contractflow.support.TlsDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With {@code sslmode=verify-full}, the database's certificate is held to the same CAs as that of the APIs, and to its host. */
@Tag("slow")
class WarehouseTlsIT extends ProcessTest {

    @SuppressWarnings("TimeInStaticInitializer")
    private static final Instant TODAY = Instant.now().plus(Duration.ofMinutes(30));

    @TempDir
    private Path certificates;

    private TestKeys.Ca ca;
    private TlsDatabase database;

    @BeforeEach
    void startDatabase() throws Exception {
        ca = new TestKeys.Ca();
        database = new TlsDatabase(ca, "127.0.0.1", TODAY);
        environment.put("WAREHOUSE_JDBC_URL", database.url() + "&sslmode=verify-full");
        environment.put("TLS_CA_FILE", file("ca.pem", ca));
    }

    @AfterEach
    void stopDatabase() throws Exception {
        database.close();
    }

    @Test
    void certificateIsHeldToTheCasOfTheSettingsItsHostAndItsTime() throws Exception {
        String url = database.url() + "&sslmode=verify-full";
        String file = environment.get("TLS_CA_FILE");
        String another = file("another.pem", new TestKeys.Ca());
        assertThat(refusal(url, file)).isNull();
        assertThat(refusal(database.url() + "&sslmode=verify-ca", file)).isNull();
        assertThat(refusal(url, ""))
                .matches("the certificate of the warehouse is not accepted: .*unable to find valid certification path"
                        + " to requested target; .* in tls.ca-file");
        assertThat(refusal(url, another)).contains("unable to find valid certification path");

        // What the URL says itself counts.
        assertThat(refusal(url + "&sslrootcert=" + file, another)).isNull();
        assertThat(refusal(url + "&sslrootcert=" + another, file))
                .startsWith("the certificate of the warehouse is not accepted: ");
        assertThat(refusal(url + "&sslrootcert=" + certificates.resolve("none.pem"), file))
                .contains("none.pem");
        assertThat(refusal(database.url() + "&sslmode=require", another)).isNull();

        replace(ca, "warehouse.example", TODAY);
        assertThat(refusal(url, file))
                .startsWith("the certificate of the warehouse is not accepted: ")
                .endsWith("; see whether warehouse.jdbc-url has the host by the name that the certificate is for");
        assertThat(refusal(database.url() + "&sslmode=verify-ca", file)).isNull();

        replace(ca, "127.0.0.1", Instant.now().minusSeconds(5));
        assertThat(refusal(url, file))
                .startsWith("the certificate of the warehouse is not accepted: it has expired, NotAfter: ");
        assertThat(refusal(databaseUrl + "&sslmode=verify-full", file)).contains("SSL");
    }

    /** Why there is no connection, which waiting would not help; null where there is one. */
    private static String refusal(String url, String caFile) {
        try (Connection connection = DriverManager.getConnection(url, WarehouseSocketFactory.properties(url, caFile))) {
            return connection.isClosed() ? "closed" : null;
        } catch (SQLException e) {
            assertThat(WarehouseFault.saysAway(e)).as(WarehouseFault.message(e)).isFalse();
            return WarehouseFault.message(e);
        }
    }

    @Test
    void certificateThatIsNotAcceptedStopsTheStart() throws Exception {
        assertThat(runs(ExitCode.ALL_LOADED)).contains("The warehouse is jdbc:postgresql://127.0.0.1:");

        environment.remove("TLS_CA_FILE");
        assertThat(runs(ExitCode.COULD_NOT_RUN))
                .containsPattern(
                        "(?m)^contractflow: warehouse.jdbc-url: cannot connect to jdbc:postgresql://\\S+: "
                                + "the certificate of the warehouse is not accepted: .*unable to find valid certification path to requested target; .* tls.ca-file$");
    }

    @Test
    void certificateThatIsReplacedInMidRunByAWrongOneLeavesTheRunIncomplete() throws Exception {
        environment.put("CONTRACT_WORKERS", "2");
        environment.put("API_MAX_WAIT", "4s");
        apis.netsuite().stubFor(anyContract().willReturn(record(200)));
        String feed = feedOf(400);

        try (ChildProcess process = start("run", feed)) {
            await().atMost(Duration.ofSeconds(30)).until(() -> !process.isAlive() || apis.netsuiteCalls() > 5);
            replace(new TestKeys.Ca(), "127.0.0.1", TODAY);
            assertThat(process.exitCode()).as(process.output()).isEqualTo(ExitCode.INCOMPLETE);
            assertThat(process.output())
                    .containsPattern(
                            "(?m)^contractflow: the run is incomplete, the next start resumes it: the certificate"
                                    + " of the warehouse is not accepted: .*tls.ca-file$");
            process.assertFitToRead();
        }
        assertThat(TestDatabase.query(database.url(), "SELECT rows, finished_at IS NULL AS open FROM run"))
                .containsExactly(Map.of("rows", 400L, "open", true));
    }

    private void replace(TestKeys.Ca issuer, String host, Instant end) throws Exception {
        database.stop();
        database.certify(issuer, host, end);
        database.start();
    }

    /** A command that needs the database alone. */
    private String runs(int exitCode) throws Exception {
        try (ChildProcess process = start("runs")) {
            assertThat(process.exitCode()).as(process.output()).isEqualTo(exitCode);
            process.assertFitToRead();
            return process.output();
        }
    }

    private String file(String name, TestKeys.Ca issuer) throws Exception {
        return Files.writeString(certificates.resolve(name), TestKeys.pem(issuer.certificate()))
                .toString();
    }
}
