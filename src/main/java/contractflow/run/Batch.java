package contractflow.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import contractflow.config.LogContext;
import contractflow.contract.Contract;
import contractflow.contract.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Body;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** The contracts that one statement loads. */
public final class Batch {

    private static final Logger LOG = LoggerFactory.getLogger(Batch.class);

    /**
     * They are in the database.
     *
     * @param written what {@code sql/load-batch.sql} answered
     */
    public void loaded(
            @Variable("contracts") List<Contract> contracts,
            @Variable("run") Run run,
            @Body Map<String, Object> written)
            throws JsonProcessingException {
        run.loaded(contracts.size());
        if (LOG.isDebugEnabled()) {
            Set<String> unchanged =
                    Json.exact().readValue((String) written.get("unchanged_contracts"), new TypeReference<>() {});
            contracts.forEach(
                    contract -> log(contract, unchanged.contains(contract.getContractId()) ? "unchanged" : "loaded"));
        }
    }

    private static void log(Contract contract, String outcome) {
        MDC.put(LogContext.CONTRACT, contract.getContractId());
        LOG.debug("{}: {}, after {} ms", contract, outcome, contract.getMillis());
        MDC.remove(LogContext.CONTRACT);
    }

    /** Two batches of at least one contract each. */
    public List<List<Contract>> halves(@Body List<Contract> contracts) {
        int half = contracts.size() / 2;
        return List.of(contracts.subList(0, half), contracts.subList(half, contracts.size()));
    }
}
