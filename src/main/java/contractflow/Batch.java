package contractflow;

import java.util.List;
import org.apache.camel.Body;
import org.apache.camel.Variable;

/** The contracts that one statement loads. */
public final class Batch {

    /** They are in the database. */
    public void loaded(@Variable("contracts") List<Contract> contracts, @Variable("run") Run run) {
        run.loaded(contracts.size());
    }

    /** Two batches of at least one contract each. */
    public List<List<Contract>> halves(@Body List<Contract> contracts) {
        int half = contracts.size() / 2;
        return List.of(contracts.subList(0, half), contracts.subList(half, contracts.size()));
    }
}
