package contractflow.api;

import com.fasterxml.jackson.databind.JsonNode;
import contractflow.failure.api.Refusal;
import java.util.Locale;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/**
 * Distinguishes an error that an API has written itself from the page of a gateway, a firewall or a proxy on the way to it. Only the API
 * can know what is wrong with a record.
 */
public final class ErrorForm {

    /** Whether the answer, whose status is 4xx, is the API's own. The variable {@code stage} names the API. */
    public boolean isOwn(Exchange exchange) {
        Message answer = exchange.getMessage();
        JsonNode error = AnswerBody.objectOrNull(answer);
        return isBearerChallenge(answer)
                || switch (exchange.getVariable("stage", String.class)) {
                    case "netsuite" ->
                        error != null && error.at("/o:errorDetails/0").isObject();
                    case "usage" -> error != null && isProblem(answer, error);
                    // How an API of the user's own writes its errors is not known, but a page is none.
                    default -> error != null || AnswerBody.bytes(answer).length == 0;
                };
    }

    /** Whether it is the own error of a token endpoint, as RFC 6749 has it, or as NetSuite writes all of its errors. */
    public boolean isOfTokenEndpoint(Exchange exchange) {
        JsonNode error = AnswerBody.objectOrNull(exchange.getMessage());
        return error != null
                && (error.path("error").isTextual()
                        || error.at("/o:errorDetails/0").isObject());
    }

    /** Whether it is a refusal of one call too many, which services write with any status. */
    public boolean isConcurrencyLimit(Exchange exchange) {
        return Refusal.isOfLimit(AnswerBody.errorCode(exchange.getMessage()));
    }

    /** RFC 6750: the one answer of which no body says that the API itself has read the token. */
    private static boolean isBearerChallenge(Message answer) {
        String challenge = answer.getHeader("WWW-Authenticate", "", String.class);
        return AnswerBody.status(answer) == 401 && challenge.regionMatches(true, 0, "Bearer", 0, 6);
    }

    /** RFC 9457, also where the content type does not say so. */
    private static boolean isProblem(Message answer, JsonNode error) {
        boolean told = answer.getHeader(Exchange.CONTENT_TYPE, "", String.class)
                .toLowerCase(Locale.ROOT)
                .contains("problem+json");
        boolean says = error.path("title").isTextual() || error.path("detail").isTextual();
        return says && (told || error.path("status").asInt() == AnswerBody.status(answer));
    }
}
