package contractflow.observe;

import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.opentelemetry2.OpenTelemetryTracer;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.telemetry.Op;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Camel's tracer for the routes with the policy {@code traced} alone; it would make a span of every step from one to another. */
final class RouteTracer extends OpenTelemetryTracer {

    private static final Logger LOG = LoggerFactory.getLogger(RouteTracer.class);

    private static final Pattern MARK = Pattern.compile("\\btraced\\b");

    /** Where Camel keeps the span that is going on. */
    private static final String ACTIVE_SPAN = "tracing.activeSpan";

    /** Who starts the process waits for its end, and a collector may be unavailable. */
    private static final long LONGEST_FLUSH_SECONDS = 3;

    private final OpenTelemetrySdk sdk;

    RouteTracer(OpenTelemetrySdk sdk) {
        this.sdk = sdk;
    }

    @Override
    public void init(CamelContext camel) {
        camel.getRegistry().bind("tracer", Tracer.class, sdk.getTracer("contractflow"));
        // The APIs are other people's: no header shows them our traces.
        camel.getRegistry().bind("propagators", ContextPropagators.class, ContextPropagators.noop());
        super.init(camel);
    }

    @Override
    protected void doInit() {
        getCamelContext().addRoutePolicyFactory(this);
        initTracer();
    }

    @Override
    public RoutePolicy createRoutePolicy(CamelContext camel, String routeId, NamedNode route) {
        return route instanceof RouteDefinition definition
                        && definition.getRoutePolicyRef() != null
                        && MARK.matcher(definition.getRoutePolicyRef()).find()
                ? super.createRoutePolicy(camel, routeId, route)
                : null;
    }

    /** A batch is of many contracts, so it is not part of the one that came into it first. */
    @Override
    protected void beginEventSpan(Exchange exchange, Endpoint endpoint, Op op) throws Exception {
        if (exchange.getMessage().getBody() instanceof List) {
            exchange.removeProperty(ACTIVE_SPAN);
        }
        super.beginEventSpan(exchange, endpoint, op);
    }

    /** The routes have stopped: what was seen of them last is sent. */
    @Override
    protected void doShutdown() {
        super.doShutdown();
        if (!sdk.shutdown().join(LONGEST_FLUSH_SECONDS, TimeUnit.SECONDS).isSuccess()) {
            LOG.warn("The collector has not taken the last spans within {} s, they are lost", LONGEST_FLUSH_SECONDS);
        }
    }
}
