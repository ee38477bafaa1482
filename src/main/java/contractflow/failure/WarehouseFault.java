package contractflow.failure;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import javax.net.ssl.SSLHandshakeException;
import org.apache.camel.Exchange;
import org.apache.camel.util.ObjectHelper;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.postgresql.util.ServerErrorMessage;

/** What a failed statement says about whom to blame, by its SQLSTATE. */
public final class WarehouseFault {

    /** The SQLSTATE of a user or password that is refused. */
    public static final String CREDENTIALS = "28P01";

    /** The SQLSTATE of a lock that was not to be had in time. */
    public static final String LOCK = "55P03";

    private static final int LONGEST_RULE = 100;

    /** What a run waits for while the database is unavailable. */
    public enum Kind {
        LOCK("until a lock is free"),
        READ_ONLY("until it can be written to"),
        CREDENTIALS("until it accepts our user and password"),
        UNAVAILABLE("until it is available");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    private WarehouseFault() {}

    /** Whether the database is unavailable or out of resources for now: the same statement may do later. */
    public static boolean isUnavailable(Exchange exchange) {
        return saysAway(failure(exchange));
    }

    public static boolean saysAway(Throwable failure) {
        SQLException sql = sqlException(failure);
        if (sql == null) {
            return isBrokenConnection(failure);
        }
        if (isRefusedTrust(failure)) {
            return false;
        }
        return sql instanceof SQLTransientConnectionException
                || sql instanceof SQLNonTransientConnectionException
                || isRefused(sql)
                || isReadOnly(sql)
                || switch (sqlClass(sql)) {
                    // connection, rollback by the server, resources, intervention, system
                    case "08", "40", "53", "57", "58" -> true;
                    // a lock, or an object in use; a function may raise the rest of its class
                    case "55" -> !"55000".equals(sql.getSQLState());
                    // a session that was idle in a transaction for too long is ended
                    case "25" -> "25P03".equals(sql.getSQLState());
                    default -> false;
                };
    }

    /** Whether the user, its password or the database's name is refused: by settings that are wrong, or while they are changed. */
    public static boolean isRefused(Throwable failure) {
        SQLException sql = sqlException(failure);
        return sql != null && ("28".equals(sqlClass(sql)) || "3D".equals(sqlClass(sql)));
    }

    /** Whether the server may not be written to, such as a standby. */
    public static boolean isReadOnly(Throwable failure) {
        return hasState(failure, "25006");
    }

    /** Whether a lock of another session was waited for, for too long. */
    public static boolean isLock(Throwable failure) {
        return hasState(failure, LOCK);
    }

    /** Whether the database has refused both by the same SQLSTATE. */
    public static boolean isSameState(Throwable one, Throwable other) {
        SQLException sql = sqlException(one);
        return sql != null && hasState(other, sql.getSQLState());
    }

    private static boolean hasState(Throwable failure, String state) {
        SQLException sql = sqlException(failure);
        return sql != null && state.equals(sql.getSQLState());
    }

    /** What is to be waited for after a failure that {@link #saysAway}. */
    public static Kind kind(Throwable failure) {
        return isLock(failure)
                ? Kind.LOCK
                : isReadOnly(failure) ? Kind.READ_ONLY : isRefused(failure) ? Kind.CREDENTIALS : Kind.UNAVAILABLE;
    }

    /**
     * Whether a connection is not made for what is wrong with a certificate, with what TLS is set up by, or with how one side wants
     * the other to sign in: waiting would not help. The driver gives all of it the SQLSTATE of a connection that has failed.
     */
    public static boolean isRefusedTrust(Throwable failure) {
        SQLException sql = sqlException(failure);
        if (sql == null) {
            return false;
        }
        boolean handshake =
                ObjectHelper.getException(SSLHandshakeException.class, failure) != null && !isBrokenConnection(failure);
        return handshake
                || isOtherHost(sql)
                || PSQLState.CONNECTION_REJECTED.getState().equals(sql.getSQLState())
                || ObjectHelper.getException(GeneralSecurityException.class, failure) != null
                || ObjectHelper.getException(FileNotFoundException.class, failure) != null;
    }

    /** The name of its verifier stays in the driver's message in any language. */
    private static boolean isOtherHost(SQLException sql) {
        return PSQLState.CONNECTION_FAILURE.getState().equals(sql.getSQLState())
                && sql.getMessage().contains("HostnameVerifier");
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
    public static boolean isAboutData(SQLException sql) {
        return switch (sqlClass(sql)) {
            // data, integrity constraint, view's check option, a limit such as that of an index row
            case "22", "23", "44", "54" -> true;
            // what a trigger or a function of the warehouse raises
            case "09", "21", "27", "38", "39", "P0" -> true;
            default -> false;
        };
    }

    /**
     * Whether one row may be the reason: the statement has taken longer than the database allows, or was rolled back, which a trigger
     * can bring about as well.
     */
    public static boolean mayBeOfRow(Throwable failure) {
        SQLException sql = sqlException(failure);
        return sql != null && ("57014".equals(sql.getSQLState()) || "40".equals(sqlClass(sql)));
    }

    /** The whole failure; a parameter that Camel fills with it would get its innermost cause only. */
    public static Throwable failure(Exchange exchange) {
        return exchange.getException() != null
                ? exchange.getException()
                : exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    }

    private static String sqlClass(SQLException sql) {
        String state = sql.getSQLState();
        return state == null || state.length() < 2 ? "" : state.substring(0, 2);
    }

    /**
     * The rule of the warehouse's owner that a row has broken, in the owner's words: the message that a trigger has raised, or the name of a
     * constraint where that is a sentence.
     *
     * @return on one line; null where it was no such rule
     */
    public static String rule(Throwable failure) {
        if (!(sqlException(failure) instanceof PSQLException sql) || sql.getServerErrorMessage() == null) {
            return null;
        }
        ServerErrorMessage error = sql.getServerErrorMessage();
        boolean raised = "exec_stmt_raise".equals(error.getRoutine())
                && ("P0001".equals(error.getSQLState()) || "23514".equals(error.getSQLState()));
        String constraint = "23".equals(sqlClass(sql)) ? error.getConstraint() : null;
        String rule = raised ? error.getMessage() : constraint != null && constraint.contains(" ") ? constraint : null;
        return rule == null ? null : oneLine(rule.substring(0, Math.min(rule.length(), LONGEST_RULE)));
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
    public static String message(Throwable failure) {
        SQLException sql = sqlException(failure);
        if (sql != null && isOtherHost(sql)) {
            return "the certificate of the warehouse is not accepted: " + oneLine(sql.getMessage())
                    + "; see whether warehouse.jdbc-url has the host by the name that the certificate is for";
        }
        Throwable verdict = sql == null ? null : CertificateFault.verdict(failure);
        if (verdict != null) {
            return "the certificate of the warehouse is not accepted: " + CertificateFault.words(verdict)
                    + "; where a CA of your own has issued it, name that CA's file in tls.ca-file";
        }
        Throwable said = sql == null ? failure : sql;
        String message = said.getMessage() == null ? said.getClass().getSimpleName() : said.getMessage();
        return oneLine(message);
    }

    public static String oneLine(String message) {
        return message.replaceAll("\\s+", " ").strip();
    }
}
