package contractflow.contract;

import com.fasterxml.jackson.databind.JsonNode;
import contractflow.failure.WarehouseFault;
import contractflow.failure.api.InvalidRecord;
import contractflow.failure.api.RateLimited;
import contractflow.failure.api.ServiceUnavailable;
import contractflow.failure.api.Unauthorized;
import java.io.IOException;
import org.apache.camel.Exchange;
import org.apache.camel.util.ObjectHelper;

/**
 * A contract that failed for good, with what a person needs to know to mend it.
 *
 * @param stage feed, netsuite, usage or load
 * @param reason what the report counts it under
 * @param error what went wrong, in full
 * @param attempts tries of the call that failed
 * @param netsuite what NetSuite had answered, as JSON, or null
 */
public record DeadLetter(long lineNumber, String stage, String reason, String error, int attempts, String netsuite) {

    private static final int LONGEST_ERROR = 2000;
    private static final String EXHAUSTED = "exhausted";

    /** The letter for a contract that failed with the exchange's exception. */
    public static DeadLetter of(Exchange exchange) {
        Contract contract = exchange.getVariable("contract", Contract.class);
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        if (ObjectHelper.getException(VirtualMachineError.class, failure) != null) {
            throw new IllegalStateException("this process has run out of resources: " + failure.getMessage(), failure);
        }
        String stage = exchange.getVariable("stage", String.class);
        String error = WarehouseFault.message(failure).replace('\0', '\uFFFD');
        JsonNode netsuite = contract.getAnswers().get("netsuite");
        return new DeadLetter(
                contract.getLineNumber(),
                stage,
                reason(stage, failure),
                error.length() <= LONGEST_ERROR ? error : error.substring(0, LONGEST_ERROR) + "…",
                contract.attempts().getCount(),
                netsuite == null ? null : Json.write(netsuite));
    }

    /** Whether the service has failed for it as often as it may, rather than the record being at fault. */
    public boolean isExhausted() {
        return reason.equals(EXHAUSTED);
    }

    private static String reason(String stage, Throwable failure) {
        InvalidRecord rejected = ObjectHelper.getException(InvalidRecord.class, failure);
        if (rejected != null) {
            return rejected.getReason();
        }
        Unauthorized refused = ObjectHelper.getException(Unauthorized.class, failure);
        if (refused != null && refused.isAboutRecord()) {
            return refused.getReason();
        }
        if (ObjectHelper.getException(ServiceUnavailable.class, failure) != null
                || ObjectHelper.getException(RateLimited.class, failure) != null
                || ObjectHelper.getException(IOException.class, failure) != null && !stage.equals("load")) {
            return EXHAUSTED;
        }
        if (!stage.equals("load")) {
            return failure.getClass().getSimpleName();
        }
        String rule = WarehouseFault.rule(failure);
        return rule == null ? "refused by the database" : rule;
    }
}
