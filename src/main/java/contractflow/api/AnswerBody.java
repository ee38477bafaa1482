package contractflow.api;

import com.fasterxml.jackson.databind.JsonNode;
import contractflow.contract.Json;
import java.io.IOException;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** What stands in an answer, whatever its content type says. */
final class AnswerBody {

    private static final Pattern ERROR_CODE = Pattern.compile("[A-Za-z0-9_.-]{1,60}");

    private AnswerBody() {}

    static int status(Message answer) {
        return answer.getHeader(Exchange.HTTP_RESPONSE_CODE, 0, Integer.class);
    }

    static byte[] bytes(Message answer) {
        byte[] bytes = answer.getBody(byte[].class);
        return bytes == null ? new byte[0] : bytes;
    }

    /** The answer's JSON object, or null where it is something else. */
    static JsonNode objectOrNull(Message answer) {
        try {
            JsonNode json = Json.exact().readTree(bytes(answer));
            return json.isObject() ? json : null;
        } catch (IOException | NumberFormatException | ArithmeticException notJson) {
            return null;
        }
    }

    /** The code of an error, as NetSuite, OAuth or a RESTlet writes it; empty where there is none. */
    static String errorCode(Message answer) {
        JsonNode error = objectOrNull(answer);
        if (error == null) {
            return "";
        }
        return Stream.of("/o:errorDetails/0/o:errorCode", "/error", "/error/code")
                .map(where -> error.at(where).asText())
                .filter(code -> ERROR_CODE.matcher(code).matches())
                .findFirst()
                .orElse("");
    }
}
