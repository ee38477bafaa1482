package contractflow.warehouse.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import contractflow.report.ExitCode;
import contractflow.support.ChildProcess;
import contractflow.support.ProcessTest;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A start that changes a table which others read says what it waits for, and has the readers wait for a moment only. */
@Tag("slow")
class MigrationLockIT extends ProcessTest {

    private static final String LOCK =
            "waits for a lock on contract_enriched, held by pid \\d+ \\(postgres, notebook, idle in transaction"
                    + " since \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ\\), for \\d+ s";

    @BeforeEach
    void addMigration() throws Exception {
        Files.createDirectory(folder.resolve("migrations"));
        Files.writeString(
                folder.resolve("migrations/V1__region.sql"), "ALTER TABLE contract_enriched ADD COLUMN region text;");
    }

    @Test
    void readersPassUntilTheLockIsFree() throws Exception {
        try (Connection analyst = analyst();
                ChildProcess process = start("run", feedOf(3))) {
            await().atMost(Duration.ofSeconds(40))
                    .until(() -> !process.isAlive() || process.output().contains("waits for a lock"));
            assertThat(process.output()).containsPattern("WARN +LockWaits +warehouse: " + LOCK);
            try (Connection reader = DriverManager.getConnection(databaseUrl);
                    Statement sql = reader.createStatement()) {
                sql.execute("SET statement_timeout = '4s'");
                for (int i = 0; i < 3; i++) {
                    sql.execute("SELECT count(*) FROM contract_enriched");
                }
            }
            analyst.rollback();

            assertThat(process.exitCode()).as(process.output()).isZero();
            process.assertFitToRead();
        }
        assertThat(query("SELECT count(region) AS regions FROM contract_enriched"))
                .hasSize(1);
    }

    @Test
    void lockThatStaysEndsTheStart() throws Exception {
        environment.put("API_MAX_WAIT", "2s");
        try (Connection analyst = analyst();
                ChildProcess process = start("run", feedOf(3))) {
            assertThat(process.exitCode()).as("later, it may do").isEqualTo(ExitCode.INCOMPLETE);
            assertThat(process.output())
                    .containsPattern(
                            "(?m)^contractflow: warehouse.jdbc-url: in jdbc:postgresql://\\S+, the tables cannot be"
                                    + " brought up to date: V1__region.sql: ERROR: canceling statement due to lock timeout.*, for more than 2 s; it "
                                    + LOCK);
            process.assertFitToRead();
            analyst.rollback();
        }
        try (ChildProcess process = start("run", feedOf(3))) {
            assertThat(process.exitCode()).as(process.output()).isZero();
        }
    }

    /** A session that has read the table and not ended its transaction. */
    private Connection analyst() throws Exception {
        Connection analyst = DriverManager.getConnection(databaseUrl + "&ApplicationName=notebook");
        analyst.setAutoCommit(false);
        try (Statement sql = analyst.createStatement()) {
            sql.execute("SELECT * FROM contract_enriched");
        }
        return analyst;
    }
}
