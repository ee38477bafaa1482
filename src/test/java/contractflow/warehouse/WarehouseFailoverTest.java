package contractflow.warehouse;

import static contractflow.support.FakeApis.anyContract;
import static contractflow.support.FakeApis.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import contractflow.observe.Progress;
import contractflow.observe.ProgressLine;
import contractflow.support.CapturedLog;
import contractflow.support.ContractFlowTest;
import contractflow.support.Observed;
import contractflow.support.OwnDatabase;
import contractflow.support.StallingProxy;
import contractflow.support.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a database does to those who work with it: its password is changed, it changes places, it loses them, others lock its rows. */
@Tag("slow")
class WarehouseFailoverTest extends ContractFlowTest {

    private static OwnDatabase server;
    private static int databases;

    private final Observed process = new Observed();
    private StallingProxy proxy;
    private Path passwordFile;
    private String role;

    @BeforeAll
    static void startServer() {
        server = new OwnDatabase();
    }

    @AfterAll
    static void stopServer() throws IOException {
        server.stop();
    }

    /** A database of a role that has a password; the test itself needs none. */
    @Override
    protected String createDatabase() {
        role = "loader" + ++databases;
        try {
            passwordFile = Files.writeString(Files.createTempFile("password", ""), "first-password\n");
            TestDatabase.execute(server.url(), "CREATE ROLE " + role + " LOGIN PASSWORD 'first-password'");
            TestDatabase.execute(server.url(), "CREATE DATABASE " + role + " OWNER " + role);
            server.askForPassword(role);
            proxy = new StallingProxy(server.url());
        } catch (IOException | SQLException e) {
            throw new IllegalStateException(e);
        }
        return server.url().replaceAll("/postgres\\b", "/" + role);
    }

    @Override
    protected Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(process.settings());
        settings.putAll(Map.of(
                // Of two servers, the first one is gone.
                "warehouse.jdbc-url",
                "jdbc:postgresql://127.0.0.1:1,127.0.0.1:" + proxy.port() + "/" + role,
                "warehouse.username",
                role,
                "warehouse.password-file",
                passwordFile.toString(),
                "batch.size",
                "10",
                "contract.workers",
                "10",
                "api.max-wait",
                "10s"));
        return settings;
    }

    @AfterEach
    void tidyUp() throws IOException {
        proxy.close();
        Files.delete(passwordFile);
    }

    @Test
    void passwordThatIsChangedInMidRunIsReadAgain() throws Exception {
        try (CapturedLog log = CapturedLog.listen()) {
            CompletableFuture<Map<String, Object>> run = inMidRun();
            TestDatabase.execute(server.url(), "ALTER ROLE " + role + " PASSWORD 'second-password'");
            endSessions();
            await().until(() -> log.lines()
                    .contains("WARN run 1 waits for the warehouse until it accepts our user and password: "
                            + "FATAL: password authentication failed for user \"" + role + "\""));
            Files.delete(passwordFile);
            Files.writeString(passwordFile, "second-password\n");

            assertThat(run.get()).containsEntry("status", "complete").containsEntry("loaded", 300L);
            assertThat(log.lines())
                    .noneMatch(line -> line.contains("Connection is not available") || line.contains("-password"));
        }
    }

    @Test
    void databaseThatIsReadOnlyForAWhileIsWaitedForWithNewConnections() throws Exception {
        try (CapturedLog log = CapturedLog.listen()) {
            CompletableFuture<Map<String, Object>> run = inMidRun();
            assertThat(process.get("health/ready").statusCode()).isEqualTo(200);
            TestDatabase.execute(server.url(), "ALTER DATABASE " + role + " SET default_transaction_read_only = on");
            endSessions();
            await().until(() -> log.lines().stream()
                    .anyMatch(line -> line.startsWith(
                            "WARN run 1 waits for the warehouse until it can be written to: ERROR: cannot execute ")));
            assertThat(process.get("health/ready").statusCode()).isEqualTo(503);
            assertThat(process.get("health/ready?exposureLevel=full").body()).contains("the warehouse is read-only");
            TestDatabase.execute(server.url(), "ALTER DATABASE " + role + " RESET default_transaction_read_only");

            await().atMost(Duration.ofSeconds(10))
                    .until(() -> process.get("health/ready").statusCode() == 200);
            assertThat(run.get()).containsEntry("status", "complete").containsEntry("loaded", 300L);
        }
    }

    @Test
    void connectionsThatAreLostWithoutAWordAreReplaced() throws Exception {
        CompletableFuture<Map<String, Object>> run = inMidRun();
        proxy.stall();

        // The feed's lock as well: the server still has it, for a session of this process that nothing comes from any
        // more.
        assertThat(run.get())
                .containsEntry("status", "complete")
                .containsEntry("loaded", 300L)
                .containsEntry("dead", 0L);
    }

    @Test
    void lockOfAnotherSessionIsNamedAndEndsTheRunInTheEnd() throws Exception {
        run(feedOf(30));
        String since = "idle in transaction since \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ";
        try (CapturedLog log = CapturedLog.listen()) {
            CompletableFuture<Map<String, Object>> run;
            try (Connection analyst = DriverManager.getConnection(databaseUrl + "&ApplicationName=notebook");
                    Statement sql = analyst.createStatement()) {
                analyst.setAutoCommit(false);
                sql.execute("SELECT * FROM contract_enriched WHERE contract_id = 'C-7' FOR UPDATE");
                run = runInBackground(feedOf(31));

                String lock = "waits for a lock on contract_enriched, held by pid \\d+ \\(postgres, notebook(, " + since
                        + ")?\\), for \\d+ s";
                await().until(() -> log.lines().stream().anyMatch(line -> line.matches("WARN warehouse: " + lock)));
                Progress progress = context().getRegistry().findSingleByType(Progress.class);
                await().until(() -> progress.states().stream()
                        .anyMatch(state ->
                                state.waiting() != null && state.waiting().contains("a lock on")));
                assertThat(progress.states())
                        .singleElement()
                        .satisfies(state -> assertThat(ProgressLine.of(state)).containsPattern("; warehouse: " + lock));
                assertThat(run.get()).containsEntry("status", "incomplete").containsEntry("dead", 0L);
                assertThat(run.get().get("reason").toString())
                        .startsWith("the warehouse has been locked for more than 10 s: ")
                        .containsPattern(lock);
            }
        }
        assertThat(run(folder.resolve("contracts.csv")))
                .containsEntry("status", "complete")
                .containsEntry("run_id", 2L);
        assertThat(value("SELECT count(*) FROM contract_enriched")).isEqualTo(31L);
    }

    private CompletableFuture<Map<String, Object>> inMidRun() throws Exception {
        apis.netsuite().stubFor(anyContract().willReturn(record(50)));
        CompletableFuture<Map<String, Object>> run = runInBackground(feedOf(300));
        await().until(() -> apis.usageCalls() > 60);
        return run;
    }

    private void endSessions() throws SQLException {
        List<Map<String, Object>> ended = TestDatabase.query(
                server.url(), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" + role + "'");
        assertThat(ended).isNotEmpty();
    }
}
