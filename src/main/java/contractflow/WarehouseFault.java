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
                || switch (sqlClass(sql)) {
                    // connection, authorisation while starting, rollback by the server, resources, intervention, system
                    case "08", "40", "53", "57", "58" -> true;
                    // a lock, or an object in use; a function may raise the rest of its class
                    case "55" -> !"55000".equals(sql.getSQLState());
                    // a standby that was not promoted yet
                    case "25" -> "25006".equals(sql.getSQLState());
                    default -> false;
                };
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
        return sql != null && isAboutData(sql);
    }

    /** Whether the database speaks of what stands in a row. */
    static boolean isAboutData(SQLException sql) {
        return switch (sqlClass(sql)) {
            // data, integrity constraint, view's check option, a limit such as that of an index row
            case "22", "23", "44", "54" -> true;
            // what a trigger or a function of the warehouse raises
            case "09", "21", "27", "38", "39", "P0" -> true;
            default -> false;
        };
    }

    /** Whether the statement has taken longer than the database allows. */
    static boolean isTimeout(Throwable failure) {
        SQLException sql = sqlException(failure);
        return sql != null && "57014".equals(sql.getSQLState());
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
