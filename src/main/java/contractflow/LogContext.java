package contractflow;

import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.support.RoutePolicySupport;
import org.slf4j.MDC;

/**
 * Whom a line of the log is about: the run, and the contract where there is one. Stands as the policy of a route that works on
 * them from its begin to its end on one thread.
 */
public final class LogContext extends RoutePolicySupport {

    static final String RUN = "run";
    static final String CONTRACT = "contract";

    /** The run that the thread works on; null for none. */
    static void setRun(Run run) {
        if (run == null) {
            MDC.remove(RUN);
        } else {
            MDC.put(RUN, String.valueOf(run.getId()));
        }
    }

    @Override
    public void onExchangeBegin(Route route, Exchange exchange) {
        setRun(exchange.getVariable("run", Run.class));
        if (exchange.getMessage().getBody() instanceof Contract contract) {
            contract.begin();
            MDC.put(CONTRACT, contract.getContractId());
        }
    }

    @Override
    public void onExchangeDone(Route route, Exchange exchange) {
        setRun(null);
        MDC.remove(CONTRACT);
    }
}
