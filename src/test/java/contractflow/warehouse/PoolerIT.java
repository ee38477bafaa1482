package contractflow.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import contractflow.failure.SetupException;
import contractflow.report.ExitCode;
import contractflow.support.ChildProcess;
import contractflow.support.Pooler;
import contractflow.support.ProcessTest;
import contractflow.support.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Behind a pooler, a run needs sessions of its own: it says so before it has done anything, or works. */
@Tag("slow")
class PoolerIT extends ProcessTest {

    private static final String REFUSED = "a pooler pools transactions or statements, .* set pool_mode=session";

    /** {@inheritDoc} It has no tables, by which is seen that none is made. */
    @Override
    protected String createDatabase() {
        return TestDatabase.create();
    }

    @ParameterizedTest
    @ValueSource(strings = {"transaction", "statement"})
    void poolerOfTransactionsIsFoundHoweverItHandsOutItsSessions(String mode) throws Exception {
        for (String order : List.of("server_round_robin = 0", "server_round_robin = 1")) {
            try (Pooler pooler = new Pooler(databaseUrl, "pool_mode = " + mode, order)) {
                assertThatThrownBy(() -> SessionPooling.verify(dataSource(pooler)))
                        .isInstanceOf(SetupException.class)
                        .hasMessageMatching(REFUSED + ".*");
                warmUp(pooler, 3);
                assertThatThrownBy(() -> SessionPooling.verify(dataSource(pooler)))
                        .isInstanceOf(SetupException.class);
            }
        }
    }

    @Test
    void poolerOfTransactionsIsNamedBeforeAnythingIsDone() throws Exception {
        try (Pooler pooler = new Pooler(databaseUrl, "pool_mode = transaction")) {
            environment.put("WAREHOUSE_JDBC_URL", pooler.url() + "&prepareThreshold=0");
            String feed = feedOf(3);

            for (String[] command : List.of(new String[] {"run", feed}, new String[] {"check", feed})) {
                try (ChildProcess process = start(command)) {
                    assertThat(process.exitCode()).as(process.output()).isEqualTo(ExitCode.COULD_NOT_RUN);
                    assertThat(process.output())
                            .containsPattern(
                                    "(?m)^(contractflow:|problem +warehouse) +warehouse.jdbc-url: in \\S+, " + REFUSED);
                    process.assertFitToRead();
                }
            }
            // While the pooler's sessions are still there.
            assertThat(
                            TestDatabase.query(
                                    databaseUrl,
                                    "SELECT FROM pg_locks WHERE locktype = 'advisory'"
                                            + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"))
                    .isEmpty();
        }
        assertThat(TestDatabase.query(databaseUrl, "SELECT FROM pg_tables WHERE schemaname = 'public'"))
                .isEmpty();
        assertThat(apis.usageCalls()).isLessThanOrEqualTo(3);
    }

    @Test
    void poolerOfSessionsDoes() throws Exception {
        try (Pooler pooler = new Pooler(databaseUrl, "pool_mode = session")) {
            assertThatCode(() -> SessionPooling.verify(dataSource(pooler))).doesNotThrowAnyException();
            environment.put("WAREHOUSE_JDBC_URL", pooler.url());
            String feed = feedOf(30);
            for (int i = 0; i < 2; i++) {
                try (ChildProcess process = start("run", feed)) {
                    assertThat(process.exitCode()).as(process.output()).isZero();
                }
            }
            // It leaves the schema out without a word.
            environment.put("WAREHOUSE_JDBC_URL", pooler.url() + "&currentSchema=contracts");
            try (ChildProcess process = start("runs")) {
                assertThat(process.exitCode()).as(process.output()).isEqualTo(ExitCode.COULD_NOT_RUN);
                assertThat(process.output()).contains("currentSchema=contracts: a pooler in between leaves that out");
            }
        }
        assertThat(TestDatabase.query(databaseUrl, "SELECT loaded, unchanged FROM run ORDER BY run_id"))
                .containsExactly(Map.of("loaded", 30L, "unchanged", 0L), Map.of("loaded", 0L, "unchanged", 30L));
    }

    /** Has the pooler open so many sessions. */
    private static void warmUp(Pooler pooler, int sessions) throws Exception {
        if (sessions > 0) {
            try (Connection connection = DriverManager.getConnection(pooler.url());
                    var statement =
                            connection.prepareStatement("SELECT count(pg_sleep(0.3)) FROM generate_series(1, 1)")) {
                Thread other = new Thread(() -> {
                    try {
                        warmUp(pooler, sessions - 1);
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                });
                other.start();
                statement.execute();
                other.join();
            }
        }
    }

    private static DataSource dataSource(Pooler pooler) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(pooler.url());
        return dataSource;
    }
}
