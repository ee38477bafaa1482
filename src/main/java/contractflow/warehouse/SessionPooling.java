package contractflow.warehouse;

import contractflow.failure.SetupException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * Finds a pooler between this process and the database that gives a connection another session for each transaction. A run holds
 * its feed by a lock of its session, which would then stay with the pooler when the process has ended.
 */
final class SessionPooling {

    private static final int ROUNDS = 3;

    private SessionPooling() {}

    /**
     * Looks, without a trace, whether two connections that are open at the same time have a session each and keep it.
     *
     * @throws SetupException where they do not
     * @throws SQLException where one of them cannot be had
     */
    @SuppressWarnings("IdentityBinaryExpression") // asked twice on purpose
    static void verify(DataSource warehouse) throws SQLException {
        try (Connection one = warehouse.getConnection();
                Connection other = warehouse.getConnection()) {
            long session = session(one);
            long another = session(other);
            boolean kept = session != another;
            for (int round = 0; kept && round < ROUNDS; round++) {
                // Two in a row: a pooler that hands out its sessions round robin would fit a strict alternation of two
                // connections.
                kept = session(one) == session && session(one) == session && session(other) == another;
            }
            if (!kept) {
                throw new SetupException(
                        "a pooler pools transactions or statements, and a run needs sessions of its own, which hold"
                                + " its locks: set pool_mode=session for this database there, or name the database server itself");
            }
        }
    }

    /** The process of the server, which a pooler passes on. */
    private static long session(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT pg_backend_pid()")) {
            result.next();
            return result.getLong(1);
        }
    }
}
