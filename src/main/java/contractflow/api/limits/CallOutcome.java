package contractflow.api.limits;

import contractflow.failure.api.InvalidRecord;
import contractflow.failure.api.RateLimited;
import contractflow.failure.api.ServiceUnavailable;
import contractflow.failure.api.Unauthorized;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.util.Set;
import org.apache.camel.util.ObjectHelper;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.NoHttpResponseException;

/** How a call to an API ended. */
public enum CallOutcome {
    /** With what was asked for. */
    ANSWERED,
    /** The API finds fault with the record. */
    RECORD_REJECTED,
    /** Refused as one too many. */
    REFUSED,
    /** Refused as one too many or failed, which the answer does not say: 503 without a code, or no answer at all. */
    OVERLOADED,
    /** The credentials were refused. */
    UNAUTHORIZED,
    FAILED,
    /** The circuit breaker was open, so no call was made. */
    NOT_CALLED;

    /** What servers and gateways answer that have no place for one more call, besides 429. */
    private static final Set<Integer> OVERLOAD = Set.of(502, 503, 509, 529);

    /**
     * @param failure null where the answer is what was asked for
     */
    static CallOutcome of(Throwable failure) {
        if (failure == null) {
            return ANSWERED;
        }
        if (failure instanceof InvalidRecord rejected && rejected.getSource() == InvalidRecord.Source.API) {
            return RECORD_REJECTED;
        }
        if (failure instanceof RateLimited) {
            return REFUSED;
        }
        if (failure instanceof Unauthorized) {
            return UNAUTHORIZED;
        }
        if (failure instanceof CallNotPermittedException) {
            return NOT_CALLED;
        }
        boolean overload =
                failure instanceof ServiceUnavailable unavailable && OVERLOAD.contains(unavailable.getStatus());
        return overload || isUnanswered(failure) ? OVERLOADED : FAILED;
    }

    /** Whether the server has closed the connection instead of answering. One that nothing connects to has closed nothing. */
    public static boolean isUnanswered(Throwable failure) {
        IOException broken = ObjectHelper.getException(IOException.class, failure);
        return (broken instanceof NoHttpResponseException
                        || broken instanceof ConnectionClosedException
                        || broken instanceof SocketException)
                && !(broken instanceof ConnectException)
                && !(broken instanceof NoRouteToHostException);
    }
}
