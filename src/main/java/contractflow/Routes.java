package contractflow;

import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;

/** Calls of routes, for what stands outside of them. */
final class Routes {

    /** What a command does with the routes. */
    interface Work {
        int with(ProducerTemplate routes) throws Exception;
    }

    private Routes() {}

    /** Sends something to a route and waits for its answer. */
    static <T> T ask(ProducerTemplate routes, String route, DeadLetterFilter filter, Object body, Class<T> type) throws Exception {
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
