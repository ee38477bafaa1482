package contractflow.contract;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;

/** Enriches a contract: keeps an API's answer under the name of the stage that the contract is at. */
public final class StoreAnswer implements AggregationStrategy {

    @Override
    public Exchange aggregate(Exchange contract, Exchange answer) {
        contract.getIn()
                .getBody(Contract.class)
                .keep(
                        contract.getVariable("stage", String.class),
                        answer.getMessage().getBody(JsonNode.class));
        return contract;
    }
}
