package contractflow;

import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import org.apache.camel.ExchangeException;

/** What a failed statement says about whom to blame, by its SQLSTATE. */
public final class WarehouseFault {

    private WarehouseFault() {}

    /** Whether the database is away or out of resources for now: the same statement may do later. */
    public static boolean isAway(@ExchangeException Throwable failure) {
        SQLException sql = sqlException(failure);
        if (sql == null) {
            return isBrokenConnection(failure);
        }
        return sql instanceof SQLTransientConnectionException
                || sql instanceof SQLNonTransientConnectionException
                || switch (sqlClass(sql)) {
                    // connection, authorisation while starting, rollback by the server, resources, locks, intervention, system
                    case "08", "40", "53", "55", "57", "58" -> true;
                    // a standby that was not promoted yet
                    case "25" -> "25006".equals(sql.getSQLState());
                    default -> false;
                };
    }

    /** The driver lets some of these through as they are. */
    private static boolean isBrokenConnection(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof SocketException || t instanceof SocketTimeoutException) {
                return true;
            }
        }
        return false;
    }

    /** Whether it is the data that the database refuses: another row would do. */
    public static boolean isData(@ExchangeException Throwable failure) {
        SQLException sql = sqlException(failure);
        if (sql == null) {
            return false;
        }
        return switch (sqlClass(sql)) {
            // data, integrity constraint, view's check option, a limit such as that of an index row
            case "22", "23", "44", "54" -> true;
            default -> false;
        };
    }

    private static String sqlClass(SQLException sql) {
        String state = sql.getSQLState();
        return state == null || state.length() < 2 ? "" : state.substring(0, 2);
    }

    private static SQLException sqlException(Throwable failure) {
        SQLException found = null;
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof SQLException sql) {
                found = sql;
            }
        }
        return found;
    }

    /** What the database said, on one line, without the statement. */
    static String message(Throwable failure) {
        SQLException sql = sqlException(failure);
        String message = sql == null ? String.valueOf(failure.getMessage()) : sql.getMessage();
        return message.replaceAll("\\s+", " ").strip();
    }
}
