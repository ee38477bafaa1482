package contractflow.process;

import contractflow.contract.DeadLetterFilter;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;

/** Calls of routes, for what stands outside of them. */
public final class Routes {

    /** What a command does with the routes. */
    public interface Work {
        int with(ProducerTemplate routes) throws Exception;
    }

    private Routes() {}

    /** Sends something to a route and waits for its answer. */
    public static <T> T ask(ProducerTemplate routes, String route, DeadLetterFilter filter, Object body, Class<T> type)
            throws Exception {
        Exchange answer = routes.request(route, exchange -> {
            exchange.setVariable("filter", filter);
            exchange.getMessage().setBody(body);
        });
        if (answer.getException() != null) {
            throw answer.getException();
        }
        return answer.getMessage().getBody(type);
    }
}
