package contractflow.contract;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One contract on its way from the feed to the warehouse, with the answers it has been given so far. */
@JsonPropertyOrder({"line_number", "contract_id", "customer_id"})
public final class Contract implements CallAttempts.Counted {

    private final long lineNumber;
    private final String contractId;
    private final String customerId;
    private final Map<String, JsonNode> answers = new LinkedHashMap<>(4);
    private final CallAttempts attempts = new CallAttempts();
    private long begunAt = System.nanoTime();

    public Contract(long lineNumber, String contractId, String customerId) {
        this.lineNumber = lineNumber;
        this.contractId = contractId;
        this.customerId = customerId;
    }

    @Override
    public CallAttempts attempts() {
        return attempts;
    }

    @Override
    @JsonIgnore
    public Contract answeredContract() {
        return this;
    }

    /** Where the contract stands in its feed: the line, or in a JSON array the element, from 1. */
    @JsonProperty("line_number")
    public long getLineNumber() {
        return lineNumber;
    }

    @JsonProperty("contract_id")
    public String getContractId() {
        return contractId;
    }

    @JsonProperty("customer_id")
    public String getCustomerId() {
        return customerId;
    }

    /** The answers, each under the name of its API, which is the name that the upsert reads it by. */
    @JsonAnyGetter
    public Map<String, JsonNode> getAnswers() {
        return answers;
    }

    /** Whether the API has answered already, so that it need not be asked: a dead letter keeps what it had. */
    public boolean hasAnswer(String api) {
        return answers.containsKey(api);
    }

    boolean hasAnswers(Collection<String> apis) {
        return answers.keySet().containsAll(apis);
    }

    /** A worker has taken it. */
    public void begin() {
        begunAt = System.nanoTime();
    }

    /** Milliseconds since then. */
    @JsonIgnore
    public long getMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunAt);
    }

    public void keep(String api, JsonNode answer) {
        answers.put(api, answer);
        attempts.answered();
    }

    @Override
    public String toString() {
        return "contract " + contractId + " of line " + lineNumber;
    }
}
