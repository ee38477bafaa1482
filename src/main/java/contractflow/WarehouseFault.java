package contractflow;

import java.io.EOFException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import org.apache.camel.Exchange;

/** What a failed statement says about whom to blame, by its SQLSTATE. */
public final class WarehouseFault {

    /** The SQLSTATE of a user or password that is refused. */
    static final String CREDENTIALS = "28P01";

    /** The SQLSTATE of a lock that was not to be had in time. */
    static final String LOCK = "55P03";

    /** What a run waits for while the database is unavailable. */
    enum Kind {
        LOCK("until a lock is free"),
        READ_ONLY("until it can be written to"),
        CREDENTIALS("until it accepts our user and password"),
        UNAVAILABLE("until it is available");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    private WarehouseFault() {}

    /** Whether the database is away or out of resources for now: the same statement may do later. */
    public static boolean isAway(Exchange exchange) {
        return saysAway(failure(exchange));
    }

    static boolean saysAway(Throwable failure) {
        SQLException sql = sqlException(failure);
        if (sql == null) {
            return isBrokenConnection(failure);
        }
        return sql instanceof SQLTransientConnectionException
                || sql instanceof SQLNonTransientConnectionException
                || isRefused(sql)
                || isReadOnly(sql)
                || switch (sqlClass(sql)) {
                    // connection, rollback by the server, resources, locks, intervention, system
                    case "08", "40", "53", "55", "57", "58" -> true;
                    // a session that was idle in a transaction for too long is ended
                    case "25" -> "25P03".equals(sql.getSQLState());
                    default -> false;
                };
    }

    /** Whether the user, its password or the database's name is refused: by settings that are wrong, or while they are changed. */
    static boolean isRefused(Throwable failure) {
        SQLException sql = sqlException(failure);
        return sql != null && ("28".equals(sqlClass(sql)) || "3D".equals(sqlClass(sql)));
    }

    /** Whether the server may not be written to, such as a standby. */
    static boolean isReadOnly(Throwable failure) {
        return hasState(failure, "25006");
    }

    /** Whether a lock of another session was waited for, for too long. */
    static boolean isLock(Throwable failure) {
        return hasState(failure, LOCK);
    }

    private static boolean hasState(Throwable failure, String state) {
        SQLException sql = sqlException(failure);
        return sql != null && state.equals(sql.getSQLState());
    }

    /** What is to be waited for after a failure that {@link #saysAway}. */
    static Kind kind(Throwable failure) {
        return isLock(failure)
                ? Kind.LOCK
                : isReadOnly(failure) ? Kind.READ_ONLY : isRefused(failure) ? Kind.CREDENTIALS : Kind.UNAVAILABLE;
    }

    /** The driver lets some of these through as they are. */
    private static boolean isBrokenConnection(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof SocketException || t instanceof SocketTimeoutException || t instanceof EOFException) {
                return true;
            }
        }
        return false;
    }

    /** Whether it is the data that the database refuses: another row would do. */
    public static boolean isData(Exchange exchange) {
        SQLException sql = sqlException(failure(exchange));
        if (sql == null) {
            return false;
        }
        return switch (sqlClass(sql)) {
            // data, integrity constraint, view's check option, a limit such as that of an index row
            case "22", "23", "44", "54" -> true;
            default -> false;
        };
    }

    /** The whole failure; a parameter that Camel fills with it would get its innermost cause only. */
    static Throwable failure(Exchange exchange) {
        return exchange.getException() != null
                ? exchange.getException()
                : exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
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
        Throwable said = sql == null ? failure : sql;
        String message = said.getMessage() == null ? said.getClass().getSimpleName() : said.getMessage();
        return oneLine(message);
    }

    static String oneLine(String message) {
        return message.replaceAll("\\s+", " ").strip();
    }
}
