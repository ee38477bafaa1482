package contractflow;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.NoHttpResponseException;

/**
 * Repeats a call once, at once and on a new connection, when the server has closed the connection instead of answering: most often it
 * was one that it had kept open for some time and closed at the moment of the call. That says nothing about the record.
 */
final class RepeatUnanswered implements ExecChainHandler {

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        try {
            return chain.proceed(request, scope);
        } catch (NoHttpResponseException | ConnectionClosedException | SocketException unanswered) {
            if (!mayBeRepeated(request, unanswered) || scope.execRuntime.isExecutionAborted()) {
                throw unanswered;
            }
        }
        // The next connection of the pool may have been closed in the same way.
        scope.execRuntime.acquireEndpoint(scope.exchangeId, scope.route, scope.clientContext.getUserToken(), scope.clientContext);
        scope.execRuntime.disconnectEndpoint();
        return chain.proceed(request, scope);
    }

    /** A server that nothing connects to has closed nothing, and a form may hold an assertion that is good for one call only. */
    private static boolean mayBeRepeated(ClassicHttpRequest request, IOException unanswered) {
        HttpEntity entity = request.getEntity();
        boolean sendable = entity == null || entity.isRepeatable() && !isForm(entity);
        return sendable && !(unanswered instanceof ConnectException) && !(unanswered instanceof NoRouteToHostException);
    }

    private static boolean isForm(HttpEntity entity) {
        return entity.getContentType() != null && entity.getContentType().startsWith("application/x-www-form-urlencoded");
    }
}
