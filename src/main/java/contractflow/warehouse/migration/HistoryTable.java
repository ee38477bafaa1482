package contractflow.warehouse.migration;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import javax.sql.DataSource;
import org.flywaydb.core.api.MigrationInfo;

/**
 * The table that says which scripts of the jar were applied. Earlier versions had them in {@code flyway_schema_history}, the table
 * of every program with Flyway that names no other: their rows are copied from there. Nothing is changed there, neither another
 * program's rows nor ours, by which an earlier version can still be started.
 */
public final class HistoryTable {

    public static final String NAME = "contractflow_schema_history";

    /** One at a time; the lock goes with the transaction. */
    private static final String LOCK =
            "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '." + NAME + "', 0))";

    private static final String IS_READABLE_OR_NULL = """
            SELECT has_table_privilege(oid, 'SELECT')
            FROM pg_class
            WHERE relname = 'contractflow_schema_history' AND relnamespace = to_regnamespace(quote_ident(current_schema()))
            """;

    private static final String HAS_SCRIPTS = "SELECT EXISTS (SELECT FROM " + NAME + " WHERE type <> 'BASELINE')";

    private static final String IS_EARLIER_READABLE = """
            SELECT count(*) = 3
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
            WHERE c.relname = 'flyway_schema_history' AND c.relnamespace = to_regnamespace(quote_ident(current_schema()))
              AND has_table_privilege(c.oid, 'SELECT')
              AND a.attname IN ('installed_rank', 'script', 'checksum') AND NOT a.attisdropped
            """;

    /** The checksum too: another program may have a file of the same name. */
    private static final String OURS = " WHERE (script, checksum) IN (SELECT * FROM unnest(?::text[], ?::integer[]))";

    private static final String COPY = """
            DO $$
            DECLARE
              earlier regclass := format('%I.flyway_schema_history', current_schema())::regclass;
              owner oid := (SELECT relowner FROM pg_class WHERE oid = earlier);
              reader record;
            BEGIN
              EXECUTE format('CREATE TABLE IF NOT EXISTS %I.contractflow_schema_history (LIKE %s INCLUDING ALL)', current_schema(), earlier);
              IF owner <> quote_ident(current_user)::regrole THEN
                EXECUTE format('ALTER TABLE %I.contractflow_schema_history OWNER TO %s', current_schema(), owner::regrole);
              END IF;
              FOR reader IN
                SELECT DISTINCT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END AS name
                FROM pg_class, aclexplode(relacl) WHERE pg_class.oid = earlier AND privilege_type = 'SELECT' AND grantee <> owner
              LOOP
                EXECUTE format('GRANT SELECT ON %I.contractflow_schema_history TO %s', current_schema(), reader.name);
              END LOOP;
            END $$
            """;

    private HistoryTable() {}

    /**
     * The scripts that are recorded in the table of earlier versions, while ours has none.
     *
     * @param packaged the scripts of the jar
     */
    static Set<String> recordedEarlier(DataSource warehouse, Collection<MigrationInfo> packaged) throws SQLException {
        try (Connection connection = warehouse.getConnection()) {
            return recordedEarlier(connection, packaged);
        }
    }

    private static Set<String> recordedEarlier(Connection connection, Collection<MigrationInfo> packaged)
            throws SQLException {
        if (hasScripts(connection) || !isTrue(connection, IS_EARLIER_READABLE)) {
            return Set.of();
        }
        Set<String> scripts = new HashSet<>();
        try (PreparedStatement statement = ours(connection, "SELECT script FROM flyway_schema_history", packaged);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                scripts.add(rows.getString(1));
            }
        }
        return scripts;
    }

    /** Whether there is none yet. */
    static boolean isMissing(DataSource warehouse) throws SQLException {
        try (Connection connection = warehouse.getConnection()) {
            return isReadable(connection) == null;
        }
    }

    /**
     * Copies the rows of earlier versions, in one transaction. Of several processes that start at the same time, the others find it
     * done.
     *
     * @param packaged the scripts of the jar
     */
    static void adopt(DataSource warehouse, Collection<MigrationInfo> packaged) throws SQLException {
        if (recordedEarlier(warehouse, packaged).isEmpty()) {
            return;
        }
        try (Connection connection = warehouse.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            try {
                statement.execute(LOCK);
                if (!recordedEarlier(connection, packaged).isEmpty()) {
                    statement.execute(COPY);
                    statement.execute("DELETE FROM " + NAME);
                    try (PreparedStatement copy = ours(
                            connection, "INSERT INTO " + NAME + " SELECT * FROM flyway_schema_history", packaged)) {
                        copy.execute();
                    }
                }
                connection.commit();
            } catch (SQLException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        }
    }

    private static boolean hasScripts(Connection connection) throws SQLException {
        Boolean readable = isReadable(connection);
        // One that cannot be read is said to be so by Flyway.
        return readable != null && (!readable || isTrue(connection, HAS_SCRIPTS));
    }

    /** Null where it is not there. */
    private static Boolean isReadable(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(IS_READABLE_OR_NULL)) {
            return result.next() ? result.getBoolean(1) : null;
        }
    }

    private static boolean isTrue(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            result.next();
            return result.getBoolean(1);
        }
    }

    private static PreparedStatement ours(Connection connection, String statement, Collection<MigrationInfo> packaged)
            throws SQLException {
        PreparedStatement prepared = connection.prepareStatement(statement + OURS);
        prepared.setArray(
                1,
                connection.createArrayOf(
                        "text", packaged.stream().map(MigrationInfo::getScript).toArray()));
        prepared.setArray(
                2,
                connection.createArrayOf(
                        "integer",
                        packaged.stream()
                                .map(MigrationInfo::getResolvedChecksum)
                                .toArray()));
        return prepared;
    }
}
