package contractflow.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import contractflow.support.TestDatabase;
import contractflow.warehouse.migration.Migrations;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** What lacks is named by the statement that gives it, whatever the names of schema and role are like, and wherever else a table is. */
class PermissionsTest {

    private final String database = TestDatabase.create().replaceAll("[?].*", "");
    private final String owner = database + "?user=postgres&currentSchema=%22Sales%20Ops%22,public";
    private final String role = database.replaceAll(".*/", "Night ");

    @BeforeEach
    void createTables() throws Exception {
        execute("CREATE SCHEMA \"Sales Ops\"");
        execute("CREATE ROLE \"" + role + "\" LOGIN");
        execute("GRANT USAGE ON SCHEMA \"Sales Ops\" TO \"" + role + '"');
        PGSimpleDataSource warehouse = new PGSimpleDataSource();
        warehouse.setUrl(owner);
        new Migrations(warehouse).apply();
        // Tables of these names elsewhere are not meant.
        execute("CREATE TABLE public.run (id bigint)");
        execute("GRANT ALL ON public.run TO PUBLIC");
    }

    private static final List<String> FUNCTIONS =
            List.of("feed_series", "finite_number", "is_part", "iso_date", "jsonb_or_text", "part_of", "run_identity");

    @Test
    void grantsThatAreNamedSuffice() throws Exception {
        for (String function : FUNCTIONS) {
            execute("REVOKE EXECUTE ON FUNCTION " + function + " FROM PUBLIC");
        }
        List<String> problems = problems();
        assertThat(problems)
                .hasSize(16 + FUNCTIONS.size() + 2)
                .contains(role
                        + " may not INSERT, SELECT, UPDATE in the table \"Sales Ops\".run: GRANT INSERT, SELECT, UPDATE ON \"Sales Ops\".run"
                        + " TO \"" + role + '"')
                .contains(role + " may not make tables: GRANT CREATE ON SCHEMA \"Sales Ops\" TO \"" + role + '"')
                .contains(
                        role
                                + " does not own the tables, which the next start has to change: start the process once as postgres, which does");

        for (String problem : problems) {
            if (problem.contains("GRANT")) {
                execute(problem.substring(problem.indexOf("GRANT")));
            }
        }

        assertThat(problems()).singleElement().asString().contains("does not own the tables");
    }

    @Test
    void whatIsNoTableIsNamed() throws Exception {
        execute("DROP TABLE run_api CASCADE");
        execute("CREATE FOREIGN DATA WRAPPER elsewhere");
        execute("CREATE SERVER elsewhere FOREIGN DATA WRAPPER elsewhere");
        execute("CREATE FOREIGN TABLE run_api (run_id bigint) SERVER elsewhere");
        execute("ALTER TABLE contract_enriched RENAME TO rows");
        execute("CREATE VIEW contract_enriched AS SELECT * FROM rows");
        execute("ALTER TABLE fetched_feed RENAME TO fetched");
        execute("CREATE VIEW fetched_feed AS SELECT feed, count(*) FROM fetched GROUP BY feed");

        assertThat(TestDatabase.query(owner, Files.readString(Path.of("sql/check/check-permissions.sql"))).stream()
                        .map(row -> row.get("problem"))
                        .filter(Objects::nonNull))
                .containsExactlyInAnyOrder(
                        "the table \"Sales Ops\".run_advice is not there, though the migrations were applied: bring it back from a backup",
                        "\"Sales Ops\".run_api is a foreign table, and the routes need a table: rename it, and bring the table back",
                        "\"Sales Ops\".fetched_feed is a view that cannot be written to, and the routes need a table: rename it, and bring the"
                                + " table back");
    }

    private List<String> problems() throws Exception {
        String url = owner.replace("user=postgres", "user=" + role.replace(" ", "%20"));
        return TestDatabase.query(url, Files.readString(Path.of("sql/check/check-permissions.sql"))).stream()
                .map((Map<String, Object> row) -> (String) row.get("problem"))
                .filter(Objects::nonNull)
                .toList();
    }

    private void execute(String statement) throws Exception {
        try (Connection connection = DriverManager.getConnection(owner);
                Statement sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }
}
