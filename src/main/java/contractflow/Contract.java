package contractflow;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** One contract on its way from the feed to the warehouse, with the answers it has been given so far. */
@JsonPropertyOrder({"line_number", "contract_id", "customer_id"})
public final class Contract {

    private final long lineNumber;
    private final String contractId;
    private final String customerId;
    private final Map<String, JsonNode> answers = new LinkedHashMap<>(4);
    private int attempts;
    private boolean credentialsRepeated;
    private int period;
    private long lastTryAt;

    public Contract(long lineNumber, String contractId, String customerId) {
        this.lineNumber = lineNumber;
        this.contractId = contractId;
        this.customerId = customerId;
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

    /**
     * Failed tries of the present call. Refusals for going too fast are not among them, nor is what failed in an outage.
     */
    @JsonIgnore
    public int getAttempts() {
        return attempts;
    }

    /** When the last failed try began, on the clock of {@link System#nanoTime()}. */
    @JsonIgnore
    long getLastTryAt() {
        return lastTryAt;
    }

    /** Whether the API has answered already, so that it need not be asked: a dead letter keeps what it had. */
    public boolean hasAnswer(String api) {
        return answers.containsKey(api);
    }

    void keep(String api, JsonNode answer) {
        answers.put(api, answer);
        attempts = 0;
        credentialsRepeated = false;
    }

    /**
     * @param period of the API, between two outages: only the tries of one period say something together
     * @param startedAt on the clock of {@link System#nanoTime()}
     */
    void countAttempt(int period, long startedAt) {
        attempts = period == this.period ? attempts + 1 : 1;
        this.period = period;
        lastTryAt = startedAt;
    }

    /** Whether this contract has shown its credentials a second time already; asking is doing so. */
    boolean hasRepeatedCredentials() {
        boolean repeated = credentialsRepeated;
        credentialsRepeated = true;
        return repeated;
    }

    /** Another contract of the customer has asked in the name of this one as well. */
    void shareAttempts(int attempts) {
        this.attempts = attempts;
    }

    void forgetAttempts() {
        attempts = 0;
    }

    @Override
    public String toString() {
        return "contract " + contractId + " of line " + lineNumber;
    }
}
