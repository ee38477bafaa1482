package contractflow;

import java.net.BindException;

/** A failure in one line, for whoever set the process up. */
final class Failure {

    private Failure() {}

    static String describe(Throwable failure) {
        Throwable root = failure;
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof SetupException || t instanceof FeedUnreadable || t instanceof FeedInUse) {
                return t.getMessage();
            }
            if (t instanceof BindException) {
                return "server.port: cannot listen there: " + t.getMessage();
            }
            root = t;
        }
        String message = RouteFault.describe(failure).orElse(root.getMessage());
        return message == null || message.isBlank() ? root.getClass().getSimpleName() : message.lines().findFirst().orElse("");
    }
}
