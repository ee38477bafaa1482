package contractflow.failure;

import contractflow.failure.api.InvalidRecord;
import contractflow.failure.api.RateLimited;
import contractflow.failure.api.TokenUnavailable;
import contractflow.failure.api.Unauthorized;
import java.sql.SQLException;
import org.apache.camel.util.ObjectHelper;

/** What a person can do about a failure, where its own words do not say so. */
public final class Advice {

    /** What the message of each failure of a proxy begins with. */
    public static final String PROXY = "the proxy ";

    private Advice() {}

    /**
     * The failure in one line, with what to look at.
     *
     * @param stage what was asked, such as netsuite
     * @param listing whether it was asked for its list of contracts
     */
    public static String about(String stage, Throwable failure, boolean listing) {
        String said = Failure.describe(failure);
        if (failure instanceof Unauthorized refused) {
            // Of the others, each says what to check.
            return refused.isRepeatable() || !said.contains("; ") ? said + "; " + credentials(stage) : said;
        }
        if (said.startsWith(PROXY) || said.contains(": " + PROXY)) {
            return said
                    + "; see http.proxy or, where it is empty, HTTPS_PROXY, HTTP_PROXY and NO_PROXY of the environment";
        }
        if (failure instanceof TokenUnavailable) {
            return said + "; see " + stage + ".oauth.token-url, and whether it can be reached from here";
        }
        if (failure instanceof RateLimited) {
            return said + "; something else uses up the limits: see " + stage + ".concurrency and " + stage
                    + ".requests-per-second";
        }
        if (failure instanceof InvalidRecord rejected) {
            String header = rejected.getReason().startsWith("400")
                    ? ", and whether it wants a header, which " + stage + ".headers sends"
                    : "";
            return said + "; " + record(stage, listing) + header;
        }
        if (failure instanceof SetupException || failure instanceof FeedUnreadable) {
            return said;
        }
        if (stage.equals("load")) {
            return WarehouseFault.message(failure) + "; see sql/load-batch.sql, and migrations where there are some";
        }
        if (ObjectHelper.getException(SQLException.class, failure) != null) {
            return WarehouseFault.message(failure) + "; see the database of warehouse.jdbc-url";
        }
        return said + "; see whether " + stage + ".base-url is right and can be reached from here";
    }

    private static String credentials(String stage) {
        return stage.equals("netsuite")
                ? "check netsuite.token or netsuite.oauth.…, and what the integration's role may see"
                : "check " + stage + ".token or " + stage + ".oauth.…";
    }

    private static String record(String stage, boolean listing) {
        if (listing) {
            return "see what sql/netsuite-contracts.sql asks for";
        }
        return switch (stage) {
            case "netsuite" ->
                "see whether netsuite.record-type is right, and whether the integration's role may see the record";
            case "usage" -> "see whether usage.meter is right, and whether the usage API knows the customer";
            default -> "see what the routes ask " + stage + " for";
        };
    }
}
