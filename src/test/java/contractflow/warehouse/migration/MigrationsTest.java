package contractflow.warehouse.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import contractflow.failure.SetupException;
import contractflow.support.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** The tables are made and brought up to date beside whatever else is in the schema, also where an earlier version has made them. */
class MigrationsTest {

    private static final String OURS =
            "SELECT script FROM contractflow_schema_history WHERE type = 'SQL' ORDER BY installed_rank";

    private final String databaseUrl = TestDatabase.create();
    private final DataSource warehouse = dataSource("postgres");

    @Test
    void historyOfAnotherProgramIsLeftAlone() throws SQLException {
        other("public");
        List<Map<String, Object>> before = query("SELECT * FROM flyway_schema_history ORDER BY 1");

        migrations().apply();
        migrations().apply();

        assertThat(query("SELECT * FROM flyway_schema_history ORDER BY 1")).isEqualTo(before);
        assertThat(names(OURS)).contains("V1__warehouse.sql");
        assertThat(query("SELECT FROM contract_enriched")).isEmpty();
        // Nor does it find anything of ours.
        other("public");
    }

    @Test
    void historyOfAnotherProgramThatMayNotBeReadIsLeftAlone() throws SQLException {
        other("public");
        String role = role();
        execute("GRANT CREATE ON SCHEMA public TO " + role);

        new Migrations(dataSource(role)).apply();

        assertThat(names(OURS)).contains("V1__warehouse.sql");
    }

    @Test
    void installationOfAnEarlierVersionComesAlong() throws SQLException {
        earlier("6");
        execute(
                "INSERT INTO run (feed, feed_sha256, usage_period, status) VALUES ('contracts.csv', '0', '2026-10', 'complete')");
        String reader = role();
        execute("GRANT SELECT ON flyway_schema_history TO " + reader);

        assertThat(migrations().isAdopting()).isTrue();
        assertThat(migrations().pending().stream().map(Migrations.Script::name))
                .doesNotContain("V1__warehouse.sql", "V6__apis_by_any_name.sql");
        assertThat(query("SELECT to_regclass('contractflow_schema_history') AS name"))
                .containsExactly(single("name", null));
        migrations().apply();

        assertThat(migrations().isAdopting()).isFalse();
        assertThat(migrations().pending()).isEmpty();
        assertThat(names(OURS))
                .startsWith("V1__warehouse.sql", "V2__contracts_by_customer.sql")
                .contains("V6__apis_by_any_name.sql");
        assertThat(query("SELECT feed FROM run")).containsExactly(Map.of("feed", "contracts.csv"));
        assertThat(query(
                        "SELECT has_table_privilege('" + reader + "', 'contractflow_schema_history', 'SELECT') AS may"))
                .containsExactly(Map.of("may", true));
        // A role that may only read it can start as well, and so can the earlier version.
        new Migrations(dataSource(reader)).apply();
        earlier("6");
    }

    @Test
    void installationThatWasUpdatedHalfwayGoesOn() throws SQLException {
        earlier("3");

        migrations().apply();

        assertThat(names(OURS))
                .doesNotHaveDuplicates()
                .contains("V3__fetched_feeds.sql", "V4__customer_of_dead_letter.sql");
        assertThat(query("SELECT FROM run_pace")).isEmpty();
    }

    @Test
    void ofAMixedHistoryOursAloneComesAlong() throws SQLException {
        earlier("6");
        execute(
                "INSERT INTO flyway_schema_history SELECT 90 + r, v, 'theirs', 'SQL', s, c, 'them', now(), 1, true FROM (VALUES"
                        + " (1, '97', 'V97__theirs.sql', 1), (2, '98', 'V1__warehouse.sql', 2)) AS t (r, v, s, c)");
        List<Map<String, Object>> before = query("SELECT * FROM flyway_schema_history ORDER BY 1");

        migrations().apply();

        assertThat(query("SELECT FROM contractflow_schema_history WHERE description = 'theirs'"))
                .isEmpty();
        assertThat(query("SELECT * FROM flyway_schema_history ORDER BY 1")).isEqualTo(before);
    }

    @Test
    void tableOfOursThatHasNoScriptYetIsFilled() throws SQLException {
        earlier("6");
        execute("CREATE TABLE contractflow_schema_history (LIKE flyway_schema_history INCLUDING ALL)");
        execute(
                "INSERT INTO contractflow_schema_history VALUES (1, '0', 'baseline', 'BASELINE', 'baseline', NULL, 'us', now(), 0, true)");

        migrations().apply();

        assertThat(names(OURS)).contains("V1__warehouse.sql");
    }

    @Test
    void processesThatStartAtTheSameTimeAgree() throws SQLException {
        atTheSameTime();
        assertThat(names(OURS)).doesNotHaveDuplicates().contains("V1__warehouse.sql");
    }

    @Test
    void processesThatAdoptAtTheSameTimeAgree() throws SQLException {
        earlier("3");
        atTheSameTime();
        assertThat(names(OURS)).doesNotHaveDuplicates().contains("V1__warehouse.sql", "V6__apis_by_any_name.sql");
    }

    private void atTheSameTime() {
        Stream.generate(() -> CompletableFuture.runAsync(() -> migrations().apply()))
                .limit(4)
                .toList()
                .forEach(CompletableFuture::join);
    }

    @Test
    void nameThatAnotherProgramHasIsSaidBeforeAnythingIsMade() throws SQLException {
        for (String object : List.of(
                "TABLE run (id bigint)",
                "VIEW contract_enriched AS SELECT 1 AS one",
                "TYPE dead_letter AS (one bigint)",
                "FUNCTION jsonb_or_text(text) RETURNS jsonb LANGUAGE sql AS 'SELECT NULL::jsonb'")) {
            execute("CREATE " + object);
            String name = object.split("[ (]")[1];

            assertThatThrownBy(() -> migrations().apply())
                    .isInstanceOf(SetupException.class)
                    .hasMessageMatching(
                            "the tables cannot be brought up to date: V1__warehouse.sql: ERROR: .*\"" + name
                                    + "\".* already exists.*; that is another program's, .*currentSchema=.* in warehouse.jdbc-url")
                    .hasMessageNotContaining("\n");
            assertThat(query("SELECT to_regclass('contractflow_schema_history') AS name"))
                    .containsExactly(single("name", null));
            execute("DROP " + object.split(" ")[0] + ' ' + name);
        }
        migrations().apply();
    }

    @Test
    void viewThatStandsInTheWayIsNamed() throws SQLException {
        earlier("1");
        execute("CREATE VIEW customers AS SELECT customer_id FROM feed_row");

        assertThatThrownBy(() -> migrations().apply())
                .isInstanceOf(SetupException.class)
                .hasMessageContaining(
                        "V2__contracts_by_customer.sql: ERROR: cannot alter type of a column used by a view or rule")
                .hasMessageContaining("view customers")
                .hasMessageEndingWith("; drop what depends on it, start the process once, and make it again");
        execute("DROP VIEW customers");
        migrations().apply();
    }

    @Test
    void roleThatMayCreateNothing_isNamedWithTheOwner() throws SQLException {
        String role = role();

        assertThatThrownBy(() -> new Migrations(dataSource(role)).apply())
                .hasMessageContaining("permission denied for schema public")
                .hasMessageContaining("start the process once as the owner");
        earlier("6");
        execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO " + role);
        assertThatThrownBy(() -> new Migrations(dataSource(role)).apply())
                .hasMessageContaining("permission denied for schema public")
                .hasMessageContaining("start the process once as the owner");
    }

    private Migrations migrations() {
        return new Migrations(warehouse);
    }

    /** What a version does that has its history in Flyway's own table. */
    private void earlier(String version) {
        Flyway.configure()
                .dataSource(warehouse)
                .locations("classpath:db/migration")
                .ignoreMigrationPatterns("*:pending", "*:future")
                .target(version)
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load()
                .migrate();
    }

    /** What another program does that has its tables in the same schema. */
    private void other(String schema) {
        Flyway.configure()
                .dataSource(warehouse)
                .schemas(schema)
                .locations("classpath:db/other")
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load()
                .migrate();
    }

    /** A role without a privilege. */
    private String role() throws SQLException {
        String role = databaseUrl.replaceAll(".*/(\\w+).*", "r$1");
        execute("CREATE ROLE " + role + " LOGIN");
        return role;
    }

    private DataSource dataSource(String user) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(databaseUrl.replaceAll("[?].*", "?user=" + user));
        return dataSource;
    }

    private List<Object> names(String query) throws SQLException {
        return query(query).stream().map(row -> row.get("script")).toList();
    }

    private static Map<String, Object> single(String name, Object value) {
        return Collections.singletonMap(name, value);
    }

    private List<Map<String, Object>> query(String sql) throws SQLException {
        return TestDatabase.query(databaseUrl, sql);
    }

    private void execute(String statement) throws SQLException {
        try (Connection connection = DriverManager.getConnection(databaseUrl);
                Statement sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }
}
