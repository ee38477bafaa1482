package contractflow.config;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * What a class needs of the routes in the middle of its work: a page of contracts, a token, a probe. The package {@code process}
 * implements it, and alone knows how a route is called.
 */
public interface RouteCalls {

    /** Name of the bean. */
    String NAME = "routeCalls";

    /**
     * Sends an exchange to a route and waits for its end.
     *
     * @param route such as {@code direct:next-contracts}
     * @param prepare sets the body and the variables
     * @return what came of it; a failure is its exception
     */
    Exchange request(String route, Processor prepare);
}
