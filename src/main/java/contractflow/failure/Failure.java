package contractflow.failure;

import java.net.BindException;
import org.apache.camel.util.ObjectHelper;

/** A failure in one line, for the operator. */
public final class Failure {

    private Failure() {}

    /** Whether the same command may do later. */
    public static boolean mayBeBetterLater(Throwable failure) {
        return WarehouseFault.saysAway(failure) || ObjectHelper.getException(FeedChanged.class, failure) != null;
    }

    public static String describe(Throwable failure) {
        Throwable root = failure;
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof SetupException
                    || t instanceof FeedUnreadable
                    || t instanceof FeedChanged
                    || t instanceof FeedInUse) {
                return t.getMessage();
            }
            if (t instanceof BindException) {
                return "server.port: cannot listen there: " + t.getMessage();
            }
            root = t;
        }
        String message = RouteFault.describe(failure).orElse(root.getMessage());
        return message == null || message.isBlank()
                ? root.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }
}
