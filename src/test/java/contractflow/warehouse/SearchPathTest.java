package contractflow.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import contractflow.failure.SetupException;
import contractflow.failure.WarehouseFault;
import contractflow.support.TestDatabase;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;

/** Tables are looked for, and made, in the schema that the settings mean, or nowhere. */
class SearchPathTest {

    private final String databaseUrl = TestDatabase.create();

    /** Its name has capitals and a blank. */
    private final String role = databaseUrl.replaceAll(".*/(\\w+).*", "Night $1");

    @BeforeEach
    void createRole() throws SQLException {
        execute("CREATE ROLE \"" + role + "\" LOGIN");
        execute("CREATE SCHEMA contracts");
        execute("CREATE SCHEMA \"Sales Ops\"");
        execute("GRANT USAGE ON SCHEMA contracts, \"Sales Ops\" TO \"" + role + '"');
    }

    @Test
    void schemaThatIsThereIsTaken() {
        for (String schema : new String[] {
            null, "contracts", "Contracts", "contracts,public", "\"$user\", contracts", "\"Sales Ops\""
        }) {
            assertThatCode(() -> verify(schema)).as(schema).doesNotThrowAnyException();
        }
    }

    @Test
    void schemaThatIsNotThereIsNamedWithTheStatementThatMakesIt() {
        assertThatThrownBy(() -> verify("contarcts"))
                .isInstanceOf(SetupException.class)
                .hasMessage(
                        "the schema contarcts of currentSchema does not exist: see whether the name is right, or make it by"
                                + " CREATE SCHEMA contarcts AUTHORIZATION \"" + role + '"');
        // The next one of the list would be taken in silence.
        assertThatThrownBy(() -> verify("contarcts,public"))
                .hasMessageStartingWith("the schema contarcts of currentSchema does not exist");
        assertThatThrownBy(() -> verify("\"it's; DROP\""))
                .hasMessageContaining("CREATE SCHEMA \"it's; DROP\" AUTHORIZATION");
    }

    @Test
    void schemaInAnotherCase_isNamed() {
        assertThatThrownBy(() -> verify("\"Contracts\"")).hasMessageContaining("there is contracts, to be written so");
        assertThatThrownBy(() -> verify("\"sales ops\""))
                .hasMessageContaining("there is \"Sales Ops\", to be written so");
    }

    @Test
    void schemaThatMayNotBeUsedIsNamedWithItsGrant() throws SQLException {
        execute("REVOKE USAGE ON SCHEMA contracts FROM \"" + role + '"');

        assertThatThrownBy(() -> verify("contracts,public"))
                .hasMessageEndingWith(
                        "may not use the schema contracts of currentSchema: GRANT USAGE ON SCHEMA contracts TO \""
                                + role + '"');
    }

    @Test
    void noSchemaAtAllIsNamed() throws SQLException {
        assertThatThrownBy(() -> verify("")).hasMessageContaining("no schema is named");
        assertThatThrownBy(() -> verify("\"$user\"")).hasMessageContaining("no schema is named");
    }

    @Test
    void searchPathOfTheRoleIsHeldToTheSame() throws SQLException {
        execute("ALTER ROLE \"" + role + "\" SET search_path = contarcts, public");

        assertThatThrownBy(() -> verify(null))
                .hasMessageStartingWith(
                        "the schema contarcts of the search_path that the role or the database has does not exist");
    }

    @Test
    void currentSchemaThatAPoolerLeavesOutIsNotIgnored() throws SQLException {
        try (Connection connection = DriverManager.getConnection(databaseUrl)) {
            assertThatThrownBy(() -> SearchPath.verify(connection, "contracts"))
                    .isInstanceOf(SetupException.class)
                    .hasMessageContaining("currentSchema=contracts")
                    .hasMessageEndingWith("ALTER ROLE postgres SET search_path = contracts");
        }
        execute("ALTER ROLE \"" + role + "\" SET search_path = contracts");
        try (Connection connection = connect(null)) {
            SearchPath.verify(connection, "contracts");
        }
    }

    @Test
    void schemaOfTheUserThatIsYoungerThanTheTablesIsNotTakenInSilence() throws SQLException {
        execute("CREATE TABLE public.run_contract (run_id bigint)");
        assertThatCode(() -> verify(null)).doesNotThrowAnyException();
        execute("CREATE SCHEMA AUTHORIZATION \"" + role + '"');

        assertThatThrownBy(() -> verify(null))
                .hasMessageStartingWith(
                        "the tables are in the schema public, and the schema \"" + role + "\" has come before it");
        assertThatCode(() -> verify("public")).doesNotThrowAnyException();
        // Said by its name, it is meant.
        assertThatCode(() -> verify('"' + role + "\",public")).doesNotThrowAnyException();
    }

    @Test
    void hostThatNoNameServerKnowsIsNamedAndTriedAgain() {
        SQLException failure = new PSQLException(
                "The connection attempt failed.",
                PSQLState.CONNECTION_UNABLE_TO_CONNECT,
                new UnknownHostException("db.exmaple.com"));

        assertThat(Warehouse.unreachable("jdbc:postgresql://db.exmaple.com/analytics?password=secret", failure))
                .hasMessage(
                        "warehouse.jdbc-url: cannot connect to jdbc:postgresql://db.exmaple.com/analytics: no name server knows the host"
                                + " db.exmaple.com, or none answers; see whether its name is right");
        assertThat(WarehouseFault.saysAway(failure)).isTrue();
    }

    @Test
    void namesAreReadAsPostgresqlReadsThem() {
        assertThat(SearchPath.names("\"$user\", public")).containsExactly("$user", "public");
        assertThat(SearchPath.names("Contracts,\"Sales, \"\"Ops\"\"\"")).containsExactly("contracts", "Sales, \"Ops\"");
        assertThat(SearchPath.names("")).isEmpty();
    }

    private void verify(String currentSchema) throws SQLException {
        try (Connection connection = connect(currentSchema)) {
            SearchPath.verify(connection, currentSchema);
        }
    }

    private Connection connect(String currentSchema) throws SQLException {
        String url = databaseUrl.replaceAll("[?].*", "") + "?user=" + encoded(role);
        return DriverManager.getConnection(
                currentSchema == null ? url : url + "&currentSchema=" + encoded(currentSchema));
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private void execute(String statement) throws SQLException {
        try (Connection connection = DriverManager.getConnection(databaseUrl);
                Statement sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }
}
