package contractflow.warehouse;

import contractflow.failure.SetupException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The schemas that a session looks for tables in. PostgreSQL passes over those that are not there, or not for this user, so that a
 * misspelt name would make a second warehouse in the next one.
 */
final class SearchPath {

    /** The schema with the name of the user. */
    private static final String USER = "$user";

    private static final Pattern NAME = Pattern.compile("\"((?:[^\"]|\"\")*)\"|([^,\\s]+)");

    private static final String SESSION = "SELECT current_setting('search_path'), current_user, current_schema()";

    private static final String SCHEMA = """
            SELECT quote_ident(wanted.name) AS schema, quote_ident(current_user) AS role, n.oid IS NOT NULL AS exists,
                   coalesce(has_schema_privilege(n.oid, 'USAGE'), false) AS usable,
                   (SELECT min(quote_ident(nspname)) FROM pg_namespace
                    WHERE lower(nspname) = lower(wanted.name) AND nspname <> wanted.name) AS similar
            FROM (SELECT ?::text AS name) AS wanted LEFT JOIN pg_namespace n ON n.nspname = wanted.name
            """;

    private static final String LATER = """
            SELECT quote_ident(n.nspname), quote_ident(current_schema())
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relname = 'run_contract' AND n.nspname = ANY (current_schemas(false))
            ORDER BY array_position(current_schemas(false), n.nspname)
            LIMIT 1
            """;

    private SearchPath() {}

    /**
     * Makes sure that tables are looked for, and made, where the settings say.
     *
     * @param currentSchema that of the URL, null where it has none
     * @throws SetupException where the schema is not there, not for this user, or another than the URL says
     */
    static void verify(Connection connection, String currentSchema) throws SQLException {
        String path;
        String user;
        String current;
        try (PreparedStatement statement = connection.prepareStatement(SESSION);
                ResultSet session = statement.executeQuery()) {
            session.next();
            path = session.getString(1);
            user = session.getString(2);
            current = session.getString(3);
        }
        List<String> names = names(path);
        if (currentSchema != null && !names(currentSchema).equals(names)) {
            throw new SetupException(
                    "the session looks for tables in " + path + " though the URL says currentSchema=" + currentSchema
                            + ": a pooler in between leaves that out (ignore_startup_parameters); give the role its schema by ALTER ROLE "
                            + quoted(user) + " SET search_path = " + currentSchema);
        }
        String origin = currentSchema == null ? "the search_path that the role or the database has" : "currentSchema";
        for (String name : names) {
            if (!name.equals(USER)) {
                verify(connection, name, origin);
                break;
            }
            if (user.equals(current)) {
                verifyNoneLater(connection);
                break;
            }
        }
        if (current == null) {
            throw new SetupException(
                    "no schema is named, so tables can be made in none: add currentSchema=… to the URL");
        }
    }

    private static void verify(Connection connection, String name, String origin) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SCHEMA)) {
            statement.setString(1, name);
            try (ResultSet found = statement.executeQuery()) {
                found.next();
                String schema = found.getString("schema");
                String role = found.getString("role");
                if (!found.getBoolean("exists")) {
                    String similar = found.getString("similar");
                    throw new SetupException("the schema " + schema + " of " + origin + " does not exist: "
                            + (similar == null
                                    ? "see whether the name is right"
                                    : "there is " + similar + ", to be written so")
                            + ", or make it by CREATE SCHEMA " + schema + " AUTHORIZATION " + role);
                }
                if (!found.getBoolean("usable")) {
                    throw new SetupException(role + " may not use the schema " + schema + " of " + origin
                            + ": GRANT USAGE ON SCHEMA " + schema + " TO " + role);
                }
            }
        }
    }

    /** The schema with the name of the user comes first by default, and may be younger than the tables. */
    private static void verifyNoneLater(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LATER);
                ResultSet found = statement.executeQuery()) {
            if (found.next() && !found.getString(1).equals(found.getString(2))) {
                throw new SetupException("the tables are in the schema " + found.getString(1) + ", and the schema "
                        + found.getString(2) + " has come before it in the search path: say which by currentSchema="
                        + found.getString(1) + " in the URL");
            }
        }
    }

    /** As PostgreSQL reads them: in lower case, unless they are quoted. */
    static List<String> names(String path) {
        List<String> names = new ArrayList<>();
        Matcher name = NAME.matcher(path);
        while (name.find()) {
            names.add(
                    name.group(1) == null
                            ? name.group(2).toLowerCase(Locale.ROOT)
                            : name.group(1).replace("\"\"", "\""));
        }
        return names;
    }

    private static String quoted(String name) {
        return name.matches("[a-z_][a-z0-9_]*") ? name : '"' + name.replace("\"", "\"\"") + '"';
    }
}
