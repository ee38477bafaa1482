package contractflow.run.chunk;

import contractflow.api.limits.ApiLimits;
import contractflow.contract.Chunk;
import contractflow.contract.Contract;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.Variable;

/** Divides a chunk that was looked up: a contract needs the answer of each API that has limits, whose bean has the API's name. */
public final class Chunks {

    private volatile Set<String> apis;

    private int batchSize;

    /**
     * @param batchSize contracts in a batch
     */
    public void setBatchSize(int batchSize) {
        this.batchSize = batchSize;
    }

    /** The contracts of a chunk that need no more calls, at most as many together as a batch has. */
    public List<List<Contract>> answered(@Variable("chunk") Chunk chunk, CamelContext camel) {
        List<Contract> answered = chunk.answered(apis(camel));
        return IntStream.range(0, (answered.size() + batchSize - 1) / batchSize)
                .mapToObj(piece ->
                        answered.subList(piece * batchSize, Math.min(answered.size(), (piece + 1) * batchSize)))
                .toList();
    }

    /** The contracts that some API has not answered. */
    public List<Contract> unanswered(@Variable("chunk") Chunk chunk, CamelContext camel) {
        return chunk.unanswered(apis(camel));
    }

    private Set<String> apis(CamelContext camel) {
        if (apis == null) {
            apis = Set.copyOf(
                    camel.getRegistry().findByTypeWithName(ApiLimits.class).keySet());
        }
        return apis;
    }
}
