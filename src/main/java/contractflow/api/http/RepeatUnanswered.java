package contractflow.api.http;

import contractflow.api.limits.ApiLimits;
import contractflow.api.limits.CallOutcome;
import java.io.IOException;
import java.io.InterruptedIOException;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.EndpointDetails;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;

/**
 * Repeats a call once, on a new connection and within the rate, when the server has closed a connection that it had kept open, at the
 * moment of the call. That says nothing about the record, nor about the server. A new connection that is closed without an answer does.
 */
final class RepeatUnanswered implements ExecChainHandler {

    private final ApiLimits limits;

    /**
     * @param limits of the API that is called; null where it has none
     */
    RepeatUnanswered(ApiLimits limits) {
        this.limits = limits;
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        try {
            return chain.proceed(request, scope);
        } catch (IOException unanswered) {
            if (!CallOutcome.isUnanswered(unanswered)
                    || !mayBeRepeated(request, scope)
                    || scope.execRuntime.isExecutionAborted()) {
                throw unanswered;
            }
        }
        awaitRate();
        // The next connection of the pool may have been closed in the same way.
        scope.execRuntime.acquireEndpoint(
                scope.exchangeId, scope.route, scope.clientContext.getUserToken(), scope.clientContext);
        scope.execRuntime.disconnectEndpoint();
        return chain.proceed(request, scope);
    }

    private void awaitRate() throws InterruptedIOException {
        if (limits == null) {
            return;
        }
        try {
            limits.awaitRate();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the rate");
        }
    }

    /** A form may hold an assertion that is good for one call only. */
    private static boolean mayBeRepeated(ClassicHttpRequest request, ExecChain.Scope scope) {
        HttpEntity entity = request.getEntity();
        boolean sendable = entity == null || entity.isRepeatable() && !isForm(entity);
        EndpointDetails connection = scope.clientContext.getEndpointDetails();
        return sendable && connection != null && connection.getResponseCount() > 0;
    }

    private static boolean isForm(HttpEntity entity) {
        return entity.getContentType() != null
                && entity.getContentType().startsWith("application/x-www-form-urlencoded");
    }
}
