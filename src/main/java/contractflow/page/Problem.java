package contractflow.page;

import contractflow.failure.Failure;
import contractflow.failure.FeedInUse;
import contractflow.failure.WarehouseFault;
import java.sql.SQLException;
import org.apache.camel.Exchange;
import org.apache.camel.processor.ThrottlerRejectedExecutionException;
import org.apache.camel.util.ObjectHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Why a visitor of the status page gets no answer, as RFC 9457 has it.
 *
 * @param status of HTTP
 * @param detail what is wrong, in words
 */
public record Problem(int status, String detail) {

    private static final Logger LOG = LoggerFactory.getLogger(Problem.class);

    public static Problem of(Exchange exchange) {
        Throwable failure = WarehouseFault.failure(exchange);
        HttpError refused = ObjectHelper.getException(HttpError.class, failure);
        if (refused != null) {
            return new Problem(refused.getStatus(), refused.getMessage());
        }
        FeedInUse inUse = ObjectHelper.getException(FeedInUse.class, failure);
        if (inUse != null) {
            return new Problem(409, inUse.getMessage());
        }
        if (failure instanceof ThrottlerRejectedExecutionException) {
            return new Problem(503, "too many ask at once");
        }
        if (WarehouseFault.saysAway(failure)) {
            // What the driver says may name hosts and users, which is for the log.
            return new Problem(503, "the warehouse is unavailable");
        }
        if (ObjectHelper.getException(SQLException.class, failure) != null) {
            return new Problem(500, "the warehouse refuses the statement: " + WarehouseFault.message(failure));
        }
        LOG.error("The status page has got no answer: {}", Failure.describe(failure));
        return new Problem(500, "there is no answer; the log says why");
    }
}
