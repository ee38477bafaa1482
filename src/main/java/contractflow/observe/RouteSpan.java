package contractflow.observe;

import contractflow.contract.Contract;
import contractflow.contract.DeadLetter;
import contractflow.contract.Lookup;
import contractflow.failure.WarehouseFault;
import contractflow.failure.api.ServiceUnavailable;
import contractflow.run.Run;
import java.util.List;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.telemetry.Span;
import org.apache.camel.telemetry.decorators.DirectSpanDecorator;

/** What a span says. Its name is that of the route's endpoint; nothing is in it that a log would not say. */
public final class RouteSpan extends DirectSpanDecorator {

    @Override
    public void beforeTracingEvent(Span span, Exchange exchange, Endpoint endpoint) {
        if (exchange.getVariable("run") instanceof Run run) {
            span.setTag("contractflow.run", String.valueOf(run.getId()));
        }
        Object body = exchange.getMessage().getBody();
        if (body instanceof List<?> batch) {
            span.setTag("contractflow.contracts", String.valueOf(batch.size()));
        } else if (body instanceof Contract contract) {
            span.setTag("contractflow.contract", contract.getContractId());
        } else {
            span.setTag("contractflow.api", exchange.getVariable("stage", String.class));
            if (exchange.getVariable("contract") instanceof Contract contract) {
                span.setTag("contractflow.contract", contract.getContractId());
            } else if (exchange.getVariable("lookup") instanceof Lookup lookup) {
                span.setTag("contractflow.contracts", String.valueOf(lookup.size()));
            }
        }
    }

    @Override
    public void afterTracingEvent(Span span, Exchange exchange) {
        if (exchange.getVariable("deadLetter") instanceof DeadLetter letter) {
            span.setTag("contractflow.dead", letter.reason());
            fail(span, letter.error());
            return;
        }
        Integer status = status(exchange);
        if (status != null) {
            span.setTag("http.response.status_code", status.toString());
        }
        if (exchange.getException() != null) {
            fail(span, WarehouseFault.message(exchange.getException()));
        } else if (status != null && status >= 400) {
            span.setError(true);
        }
    }

    /** The breaker keeps the headers of an answer that it counts as an outage. */
    private static Integer status(Exchange exchange) {
        return exchange.getException() instanceof ServiceUnavailable unavailable && unavailable.getStatus() > 0
                ? Integer.valueOf(unavailable.getStatus())
                : exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
    }

    private static void fail(Span span, String message) {
        span.setError(true);
        span.log(Map.of("event", "error", "message", message));
    }
}
