package contractflow.api.limits;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.support.CamelContextHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The circuit breaker that Camel makes of a route's, once a call has gone through it. Until then it counts as closed. */
final class ApiBreaker {

    private static final Logger LOG = LoggerFactory.getLogger(ApiLimits.class);

    private final String api;
    private final CamelContext camel;
    private volatile CircuitBreaker breaker;

    /**
     * @param api the name of the API, which is that of its breaker
     */
    ApiBreaker(String api, CamelContext camel) {
        this.api = api;
        this.camel = camel;
    }

    CircuitBreaker.State getState() {
        return find().map(CircuitBreaker::getState).orElse(CircuitBreaker.State.CLOSED);
    }

    /** Whether no call is let through. */
    boolean isOpen() {
        return getState() == CircuitBreaker.State.OPEN;
    }

    /** Whether the API has failed so often that it is asked by one call at a time. */
    boolean isUnavailable() {
        return getState() != CircuitBreaker.State.CLOSED;
    }

    private Optional<CircuitBreaker> find() {
        if (breaker == null) {
            synchronized (this) {
                if (breaker == null) {
                    breaker = CamelContextHelper.findSingleByType(camel, CircuitBreakerRegistry.class)
                            .find(api)
                            .orElse(null);
                    if (breaker != null) {
                        breaker.getEventPublisher().onStateTransition(event -> changedTo(event.getStateTransition()));
                    }
                }
            }
        }
        return Optional.ofNullable(breaker);
    }

    private void changedTo(CircuitBreaker.StateTransition transition) {
        switch (transition) {
            case CLOSED_TO_OPEN -> LOG.warn("{}: circuit breaker open, probing with one call at a time", api);
            case HALF_OPEN_TO_CLOSED -> LOG.info("{}: circuit breaker closed, it answers again", api);
            default -> LOG.debug("{}: {}", api, transition);
        }
    }
}
