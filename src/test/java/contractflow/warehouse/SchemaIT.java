package contractflow.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import contractflow.report.ExitCode;
import contractflow.support.ChildProcess;
import contractflow.support.ProcessTest;
import contractflow.support.TestDatabase;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tables are made where the settings say, beside those of other programs, or the process says what is in the way. */
@Tag("slow")
class SchemaIT extends ProcessTest {

    /** {@inheritDoc} It has no tables: where they are made is what is tested. */
    @Override
    protected String createDatabase() {
        return TestDatabase.create();
    }

    @Test
    void schemaThatIsNotThereIsMadeByNoCommand() throws Exception {
        environment.put("WAREHOUSE_JDBC_URL", databaseUrl + "&currentSchema=contarcts,public");
        try (ServerSocket free = new ServerSocket(0)) {
            environment.put("SERVER_PORT", String.valueOf(free.getLocalPort()));
        }
        String feed = feedOf(1);
        Map<String, ChildProcess> processes = new LinkedHashMap<>();
        try {
            for (List<String> command : List.of(
                    List.of("run", feed),
                    List.of("fetch"),
                    List.of("runs"),
                    List.of("check", feed),
                    List.<String>of())) {
                processes.put(command.isEmpty() ? "service" : command.get(0), start(command.toArray(String[]::new)));
            }
            for (Map.Entry<String, ChildProcess> process : processes.entrySet()) {
                assertThat(process.getValue().exitCode()).as(process.getKey()).isEqualTo(ExitCode.COULD_NOT_RUN);
                assertThat(process.getValue().output())
                        .as(process.getKey())
                        .containsPattern(
                                "(?m)^(contractflow:|problem +warehouse) +warehouse.jdbc-url: in jdbc:postgresql://[^?]+, the schema contarcts of"
                                        + " currentSchema does not exist: .*CREATE SCHEMA contarcts AUTHORIZATION postgres$");
                process.getValue().assertFitToRead();
            }
        } finally {
            for (ChildProcess process : new ArrayList<>(processes.values())) {
                process.close();
            }
        }
        assertThat(TestDatabase.query(
                        databaseUrl,
                        "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace"
                                + " WHERE nspname IN ('contarcts', 'public')"))
                .isEmpty();
    }

    @Test
    void schemaOfAnotherProgramIsShared() throws Exception {
        flyway("classpath:db/other", "latest");

        try (ChildProcess process = start("run", feedOf(3))) {
            assertThat(process.exitCode()).as(process.output()).isZero();
        }
        assertThat(query("SELECT script FROM flyway_schema_history ORDER BY installed_rank"))
                .containsExactly(Map.of("script", "V1__invoices.sql"), Map.of("script", "V2__of_invoice.sql"));
    }

    @Test
    void tableAndViewOfOthersAreNamed() throws Exception {
        execute("CREATE TABLE run (id bigint)");
        String feed = feedOf(1);

        for (String[] command : List.of(new String[] {"run", feed}, new String[] {"check", feed})) {
            try (ChildProcess process = start(command)) {
                assertThat(process.exitCode()).as(process.output()).isEqualTo(ExitCode.COULD_NOT_RUN);
                assertThat(process.output().lines().filter(line -> line.contains("already exists")))
                        .singleElement()
                        .asString()
                        .contains(
                                "V1__warehouse.sql: ERROR: relation \"run\" already exists",
                                "; that is another program's");
                process.assertFitToRead();
            }
        }
        assertThat(query("SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public'"))
                .containsExactly(Map.of("name", "run"));

        execute("DROP TABLE run");
        flyway("classpath:db/migration", "1");
        execute("CREATE VIEW customers AS SELECT customer_id FROM feed_row");
        try (ChildProcess process = start("check", feed)) {
            assertThat(process.exitCode()).as(process.output()).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(process.output())
                    .containsPattern(
                            "(?m)^note +warehouse +the next start copies what flyway_schema_history has of ContractFlow")
                    .containsPattern(
                            "(?m)^problem +warehouse +the tables cannot be brought up to date: V2__contracts_by_customer.sql: ERROR: cannot"
                                    + " alter type of a column used by a view or rule .*view customers .*; drop what depends on it")
                    .doesNotContain("onnection is closed");
            process.assertFitToRead();
        }
        execute("DROP VIEW customers");
        try (ChildProcess process = start("check", feed)) {
            assertThat(process.exitCode()).as(process.output()).isZero();
            assertThat(process.output())
                    .containsPattern("(?m)^row +loaded +contract_id=C-1, ")
                    .doesNotContain("V1__warehouse.sql");
        }
        assertThat(query("SELECT to_regclass('contractflow_schema_history')::text IS NULL AS missing"))
                .containsExactly(Map.of("missing", true));
    }

    /** What a program does that has its history in Flyway's own table. */
    private void flyway(String scripts, String version) {
        Flyway.configure()
                .dataSource(databaseUrl, null, null)
                .locations(scripts)
                .target(version)
                .load()
                .migrate();
    }

    private void execute(String statement) throws Exception {
        try (Connection connection = DriverManager.getConnection(databaseUrl);
                Statement sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }
}
