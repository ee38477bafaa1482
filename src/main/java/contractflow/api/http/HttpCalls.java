package contractflow.api.http;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Endpoint;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;

/** How this process makes HTTP calls, whichever route does: through a proxy where one is named, and on connections that still stand. */
@Component("http,https")
public final class HttpCalls extends HttpComponent {

    /** A connection that was idle for longer is looked at before it is used, which takes a millisecond. */
    private static final TimeValue TRUSTED = TimeValue.ofMilliseconds(100);

    private static final Pattern BASE_URL = Pattern.compile("https?:/*(.*)");

    /** {@inheritDoc} A base URL says itself whether it is called with TLS, whichever scheme the form of an editor puts before it. */
    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        Matcher baseUrl = BASE_URL.matcher(remaining);
        return baseUrl.matches()
                ? super.createEndpoint(remaining, baseUrl.group(1), parameters)
                : super.createEndpoint(uri, remaining, parameters);
    }

    @Override
    protected HttpClientBuilder createHttpClientBuilder(
            String uri, Map<String, Object> parameters, Map<String, Object> options) {
        // A server that is called without TLS is asked to change to it otherwise, which proxies pass on in halves or
        // refuse.
        options.put("protocolUpgradeEnabled", "false");
        HttpProxies proxies = HttpProxies.of(getCamelContext());
        HttpClientBuilder client = super.createHttpClientBuilder(uri, parameters, options);
        client.setRoutePlanner(new DefaultRoutePlanner(null) {
            @Override
            protected HttpHost determineProxy(HttpHost target, HttpContext context) {
                HttpProxies.Proxy proxy = proxies.of(target);
                return proxy == null ? null : proxy.host();
            }
        });
        client.addExecInterceptorBefore(ChainElement.PROTOCOL.name(), "proxy-faults", new ProxyFaults(proxies));
        client.addExecInterceptorLast("mark-answered", ProxyFaults::markAnswered);
        return client;
    }

    @Override
    protected HttpClientConnectionManager createConnectionManager(
            Map<String, Object> parameters, SSLContextParameters tls, Map<String, Object> options)
            throws GeneralSecurityException, IOException {
        HttpClientConnectionManager connections = super.createConnectionManager(parameters, tls, options);
        if (connections instanceof PoolingHttpClientConnectionManager pool) {
            pool.setDefaultConnectionConfig(ConnectionConfig.custom()
                    .setValidateAfterInactivity(TRUSTED)
                    .build());
        }
        return connections;
    }
}
