package contractflow;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Produce;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.CamelContextHelper;

/**
 * Tells a record that always fails from a service that is away. Before a contract is condemned for failing, the API has to have
 * answered somebody else: another contract meanwhile, or one that it knew before, the witness.
 */
public final class Patience {

    @Produce
    private ProducerTemplate routes;
    private int maxAttempts;

    /**
     * @param maxAttempts tries of one call, the first included
     */
    public void setMaxAttempts(int maxAttempts) {
        this.maxAttempts = maxAttempts;
    }

    /**
     * Whether the call was refused or not let through, which says nothing about the record; stands as {@code retryWhile}. Camel
     * asks this of later failures of the same contract as well, whatever they are.
     */
    public boolean isRefused(Exchange exchange) {
        Throwable failure = WarehouseFault.failure(exchange);
        return failure instanceof RequestRefused || failure instanceof CallNotPermittedException;
    }

    /** Whether to ask again after a failed try; stands as {@code retryWhile}. */
    public boolean hasNotEnded(Exchange exchange) {
        Job run = exchange.getVariable("run", Job.class);
        Inquiry inquiry = exchange.getVariable("contract", Inquiry.class);
        String api = exchange.getVariable("stage", String.class);
        if (isRefused(exchange)) {
            return true;
        }
        if (WarehouseFault.failure(exchange) instanceof TokenUnavailable) {
            // The API was not asked for the record.
            inquiry.forgetAttempts();
            return true;
        }
        ApiLimits gate = CamelContextHelper.mandatoryLookup(exchange.getContext(), api, ApiLimits.class);
        boolean exhausted = inquiry.getAttempts() >= maxAttempts;
        if (run.isStopped() || !exhausted && !gate.isAway()) {
            return true;
        }
        if (run.isAnsweredSince(api, inquiry.getLastTryAt())) {
            return !exhausted;
        }
        if (!gate.askWitness()) {
            // Somebody else is asking already.
            return true;
        }
        try {
            Exchange asked = askWitness(exchange, gate.getRoute());
            if (isAnswered(asked)) {
                return !exhausted;
            }
            if (!(asked.getException() instanceof CredentialsRefused)) {
                gate.confirmOutage();
                inquiry.forgetAttempts();
            }
            return true;
        } finally {
            gate.witnessAsked();
        }
    }

    /** Whether to show the same credentials a second time; stands as {@code retryWhile}. */
    public boolean mayRepeatCredentials(Exchange exchange) {
        Inquiry inquiry = exchange.getVariable("contract", Inquiry.class);
        return WarehouseFault.failure(exchange) instanceof CredentialsRefused refused
                && refused.isRepeatable()
                && !inquiry.hasRepeatedCredentials();
    }

    /** The witness as a contract, or null where the warehouse has none. */
    public Contract witness(@Body Map<String, Object> row) {
        return row == null ? null : new Contract(0, (String) row.get("contract_id"), (String) row.get("customer_id"));
    }

    private Exchange askWitness(Exchange exchange, String route) {
        Exchange found = routes.request("direct:find-witness", finding -> copyVariables(exchange, finding));
        if (found.getMessage().getBody() == null || found.getException() != null) {
            return found;
        }
        return routes.request(route, asking -> {
            copyVariables(exchange, asking);
            asking.setVariable("witness", true);
            asking.getMessage().setBody(found.getMessage().getBody());
        });
    }

    private static void copyVariables(Exchange from, Exchange to) {
        for (String name : new String[] {"run", "contract", "stage"}) {
            to.setVariable(name, from.getVariable(name));
        }
    }

    private static boolean isAnswered(Exchange asked) {
        return asked.getException() == null ? asked.getMessage().getBody() != null : asked.getException() instanceof RecordRejected;
    }
}
