package contractflow.api.http;

import contractflow.failure.Advice;
import contractflow.failure.WarehouseFault;
import contractflow.failure.api.Unauthorized;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.auth.AuthExchange;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.impl.auth.BasicScheme;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpStatus;

/**
 * Shows a proxy its credentials with the first request, and distinguishes what a proxy answers from what the server behind it does: neither a
 * record nor the API's credentials are at fault where a proxy refuses.
 */
final class ProxyFaults implements ExecChainHandler {

    /** Set where the server itself has answered, which is after the proxy has made the tunnel to it. */
    private static final String ANSWERED = "contractflow.answered";

    private final HttpProxies proxies;

    ProxyFaults(HttpProxies proxies) {
        this.proxies = proxies;
    }

    /** Stands between the connection and the request. */
    static ClassicHttpResponse markAnswered(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        ClassicHttpResponse answer = chain.proceed(request, scope);
        scope.clientContext.setAttribute(ANSWERED, true);
        return answer;
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        HttpProxies.Proxy proxy = scope.route.getProxyHost() == null ? null : proxies.of(scope.route.getTargetHost());
        if (proxy == null) {
            // A 407 of a gateway is one of its pages, which says nothing of our settings.
            return chain.proceed(request, scope);
        }
        if (proxy.user() != null) {
            authenticate(proxy, scope.clientContext);
        }
        try {
            ClassicHttpResponse answer = accepted(chain.proceed(request, scope), Advice.PROXY + proxy);
            if (scope.clientContext.getAttribute(ANSWERED) == null) {
                int status = answer.getCode();
                answer.close();
                throw new IOException(Advice.PROXY + proxy + " answered " + status + " to CONNECT "
                        + scope.route.getTargetHost().toHostString());
            }
            return answer;
        } catch (ConnectException | ConnectTimeoutException | NoRouteToHostException | UnknownHostException e) {
            throw new IOException(Advice.PROXY + proxy + " cannot be reached: " + WarehouseFault.message(e), e);
        }
    }

    /** Without waiting for the proxy to ask for it, which would double the requests. */
    private static void authenticate(HttpProxies.Proxy proxy, HttpClientContext context) {
        AuthExchange exchange = context.getAuthExchange(proxy.host());
        if (exchange.getAuthScheme() == null) {
            BasicScheme basic = new BasicScheme();
            basic.initPreemptive(new UsernamePasswordCredentials(
                    proxy.user(), proxy.password().toCharArray()));
            exchange.select(basic);
        }
    }

    private static ClassicHttpResponse accepted(ClassicHttpResponse answer, String who) throws IOException {
        if (answer.getCode() != HttpStatus.SC_PROXY_AUTHENTICATION_REQUIRED) {
            return answer;
        }
        answer.close();
        throw new Unauthorized(who
                + " answered 407, it wants a user and a password: check http.proxy and http.proxy-password, or those in"
                + " HTTPS_PROXY and HTTP_PROXY; of its ways to ask for them, Basic alone is supported");
    }
}
