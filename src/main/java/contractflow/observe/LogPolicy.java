package contractflow.observe;

import contractflow.config.LogContext;
import contractflow.contract.Contract;
import contractflow.run.Run;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.support.RoutePolicySupport;
import org.slf4j.MDC;

/**
 * Says in the log which run a line is about, and which contract where there is one. Stands as the policy of a route that works on
 * them from its begin to its end on one thread.
 */
public final class LogPolicy extends RoutePolicySupport {

    @Override
    public void onExchangeBegin(Route route, Exchange exchange) {
        Run run = exchange.getVariable("run", Run.class);
        LogContext.setRun(run == null ? null : run.getId());
        if (exchange.getMessage().getBody() instanceof Contract contract) {
            contract.begin();
            MDC.put(LogContext.CONTRACT, contract.getContractId());
        }
    }

    @Override
    public void onExchangeDone(Route route, Exchange exchange) {
        LogContext.setRun(null);
        MDC.remove(LogContext.CONTRACT);
    }
}
