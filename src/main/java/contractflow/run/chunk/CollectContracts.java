package contractflow.run.chunk;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;

/** Makes one list of the contracts that come one by one, and of those that come in lists. */
public final class CollectContracts implements AggregationStrategy {

    @Override
    @SuppressWarnings("unchecked") // the list of before is this class's own
    public Exchange aggregate(Exchange collected, Exchange next) {
        List<Object> contracts =
                collected == null ? new ArrayList<>() : collected.getMessage().getBody(List.class);
        Object body = next.getMessage().getBody();
        if (body instanceof List<?> several) {
            contracts.addAll(several);
        } else {
            contracts.add(body);
        }
        Exchange batch = collected == null ? next : collected;
        batch.getMessage().setBody(contracts);
        return batch;
    }
}
