package contractflow;

import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Produce;
import org.apache.camel.ProducerTemplate;

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

    /** Whether to ask again after a failed try; stands as {@code retryWhile}. */
    public boolean hasNotEnded(Exchange exchange) {
        Run run = exchange.getVariable("run", Run.class);
        Contract contract = exchange.getVariable("contract", Contract.class);
        String api = exchange.getVariable("stage", String.class);
        if (run.isStopped() || contract.getAttempts() < maxAttempts) {
            return true;
        }
        if (run.isAnsweredSince(api, contract.getLastTryAt()) || isWitnessAnswered(exchange)) {
            return false;
        }
        contract.forgetAttempts();
        return true;
    }

    /** Whether to show the same credentials a second time; stands as {@code retryWhile}. */
    public boolean mayRepeatCredentials(Exchange exchange) {
        Contract contract = exchange.getVariable("contract", Contract.class);
        CredentialsRefused refused = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, CredentialsRefused.class);
        return refused.isRepeatable() && !contract.hasRepeatedCredentials();
    }

    /** The witness as a contract, or null where the warehouse has none. */
    public Contract witness(@Body Map<String, Object> row) {
        return row == null ? null : new Contract(0, (String) row.get("contract_id"), (String) row.get("customer_id"));
    }

    private boolean isWitnessAnswered(Exchange exchange) {
        Exchange witness = routes.request("direct:ask-witness", asking -> {
            asking.setVariable("run", exchange.getVariable("run"));
            asking.setVariable("contract", exchange.getVariable("contract"));
            asking.setVariable("stage", exchange.getVariable("stage"));
        });
        return witness.getException() == null
                ? witness.getMessage().getBody() != null
                : witness.getException() instanceof RecordRejected;
    }
}
