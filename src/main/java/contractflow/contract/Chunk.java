package contractflow.contract;

import java.util.Collection;
import java.util.List;

/**
 * Contracts that are looked up together. A single one is no chunk: it is asked for by itself.
 *
 * @param contracts at least two
 */
public record Chunk(List<Contract> contracts) {

    /**
     * Those that need no more calls.
     *
     * @param apis that each contract is asked for
     */
    public List<Contract> answered(Collection<String> apis) {
        return contracts.stream().filter(contract -> contract.hasAnswers(apis)).toList();
    }

    /** The others. */
    public List<Contract> unanswered(Collection<String> apis) {
        return contracts.stream().filter(contract -> !contract.hasAnswers(apis)).toList();
    }

    @Override
    public String toString() {
        return "chunk of " + contracts.size() + " contracts";
    }
}
