package contractflow.api;

import contractflow.api.job.ApiStanding;
import contractflow.config.RouteCalls;
import contractflow.contract.Contract;
import contractflow.contract.Lookup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.BeanInject;
import org.apache.camel.Body;
import org.apache.camel.Exchange;

/** A call for a contract that an API has answered before, which shows whether it answers anything at all. */
public final class Probe {

    @BeanInject(RouteCalls.NAME)
    private RouteCalls routes;

    /** Contracts that the API has answered before, the last one of the run first; may be empty. */
    List<Contract> known(Exchange exchange, ApiStanding standing) {
        List<Contract> known = new ArrayList<>();
        Contract last = standing.getLastAnswered();
        if (last != null) {
            known.add(last);
        }
        Exchange found = routes.request("direct:find-known-contracts", finding -> copyVariables(exchange, finding));
        List<?> contracts = found.getException() == null ? found.getMessage().getBody(List.class) : List.of();
        contracts.forEach(contract -> known.add((Contract) contract));
        if (known.isEmpty() && lookup(exchange) != null && lookup(exchange).anyContract() != null) {
            // Whatever becomes of it, it shows whether the API answers where less is asked for.
            known.add(lookup(exchange).anyContract());
        }
        return known;
    }

    /** The rows of {@code sql/api/find-known-contracts.sql} as contracts. */
    public List<Contract> contracts(@Body List<Map<String, Object>> rows) {
        return rows.stream()
                .map(row -> new Contract(0, (String) row.get("contract_id"), (String) row.get("customer_id")))
                .toList();
    }

    /**
     * Asks for a contract, ahead of all others.
     *
     * @return what has come of it; without an exception where the API has answered
     */
    Exchange ask(Exchange exchange, String route, Contract contract) {
        return routes.request(route, asking -> {
            copyVariables(exchange, asking);
            asking.setVariable("contract", contract);
            asking.setVariable("probe", true);
            asking.getMessage().setBody(contract);
        });
    }

    private static Lookup lookup(Exchange exchange) {
        return exchange.getVariable("lookup", Lookup.class);
    }

    private static void copyVariables(Exchange from, Exchange to) {
        for (String name : new String[] {"run", "contract", "stage"}) {
            to.setVariable(name, from.getVariable(name));
        }
        if (lookup(from) != null && from.getVariable("contract") == null) {
            to.setVariable("contract", lookup(from).anyContract());
        }
    }
}
