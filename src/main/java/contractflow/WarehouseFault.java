package contractflow;

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
import org.postgresql.util.PSQLState;

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
        if (isRefusedTrust(failure)) {
            return false;
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

    /**
     * Whether a connection is not made for what is wrong with a certificate, with what TLS is set up by, or with how one side wants
     * the other to sign in: waiting would not help. The driver gives all of it the SQLSTATE of a connection that has failed.
     */
    static boolean isRefusedTrust(Throwable failure) {
        SQLException sql = sqlException(failure);
        if (sql == null) {
            return false;
        }
        boolean handshake = ObjectHelper.getException(SSLHandshakeException.class, failure) != null && !isBrokenConnection(failure);
        return handshake
                || isOtherHost(sql)
                || PSQLState.CONNECTION_REJECTED.getState().equals(sql.getSQLState())
                || ObjectHelper.getException(GeneralSecurityException.class, failure) != null
                || ObjectHelper.getException(FileNotFoundException.class, failure) != null;
    }

    /** The name of its verifier stays in the driver's message in any language. */
    private static boolean isOtherHost(SQLException sql) {
        return PSQLState.CONNECTION_FAILURE.getState().equals(sql.getSQLState()) && sql.getMessage().contains("HostnameVerifier");
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
        if (sql != null && isOtherHost(sql)) {
            return "the certificate of the warehouse is not accepted: " + oneLine(sql.getMessage())
                    + "; see whether warehouse.jdbc-url has the host by the name that the certificate is for";
        }
        Throwable verdict = sql == null ? null : ServerTrust.verdict(failure);
        if (verdict != null) {
            return "the certificate of the warehouse is not accepted: " + ServerTrust.words(verdict)
                    + "; where a CA of your own has issued it, name that CA's file in tls.ca-file";
        }
        Throwable said = sql == null ? failure : sql;
        String message = said.getMessage() == null ? said.getClass().getSimpleName() : said.getMessage();
        return oneLine(message);
    }

    static String oneLine(String message) {
        return message.replaceAll("\\s+", " ").strip();
    }
}
