package contractflow.api;

import static contractflow.failure.api.InvalidRecord.Source.API;
import static contractflow.failure.api.InvalidRecord.Source.UNEXPECTED_ANSWER;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import contractflow.api.oauth.AccessToken;
import contractflow.contract.CallAttempts;
import contractflow.contract.Json;
import contractflow.failure.api.InvalidRecord;
import contractflow.failure.api.RateLimited;
import contractflow.failure.api.Refusal;
import contractflow.failure.api.ServiceUnavailable;
import contractflow.failure.api.Unauthorized;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/**
 * What an API said. The route {@code check-answer} decides by the status what that means; here the answer is read, or put into the
 * words that a log and a dead letter keep.
 */
public final class ApiAnswer {

    private static final int EXCERPT = 300;

    /** A key that is there twice says two things, of which either may hold. */
    private static final ObjectReader UNAMBIGUOUS = Json.exact()
            .readerFor(JsonNode.class)
            .with(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final Pattern RECORD = Pattern.compile("/record/v1/([^/?#]+)/");

    /**
     * The answer as JSON.
     *
     * @throws ServiceUnavailable where it is none: a maintenance page, or a body cut short
     * @throws InvalidRecord where it has a key twice, or a number that nothing can hold
     */
    public JsonNode read(Exchange exchange) throws IOException {
        byte[] body = AnswerBody.bytes(exchange.getMessage());
        try (JsonParser parser = UNAMBIGUOUS.createParser(body)) {
            JsonNode json = UNAMBIGUOUS.readTree(parser);
            if (parser.nextToken() != null) {
                throw unavailable(exchange, ", which is more than one JSON value");
            }
            if (json != null && !json.isMissingNode()) {
                return json;
            }
        } catch (MismatchedInputException e) {
            throw new InvalidRecord("unexpected answer", e.getOriginalMessage(), UNEXPECTED_ANSWER);
        } catch (JsonProcessingException e) {
            throw unavailable(exchange, ", which is not JSON: " + e.getOriginalMessage());
        } catch (NumberFormatException | ArithmeticException e) {
            throw new InvalidRecord(
                    "unexpected answer", "a number that nothing can hold: " + e.getMessage(), UNEXPECTED_ANSWER);
        }
        throw unavailable(exchange, " without a body");
    }

    /**
     * The answer of a token endpoint as JSON.
     *
     * @throws ServiceUnavailable where it is none; without its text, which may be a token
     */
    public JsonNode readToken(Exchange exchange) {
        JsonNode json = AnswerBody.objectOrNull(exchange.getMessage());
        if (json == null) {
            throw unavailable(exchange, " without a JSON object");
        }
        return json;
    }

    /** What has answered is not the API, or not able to. A page that says 401 may be about a token that has ended. */
    public void unavailable(Exchange exchange) {
        AccessToken shown = exchange.getProperty(AccessToken.SHOWN, AccessToken.class);
        CallAttempts attempts = CallAttempts.of(exchange);
        if (AnswerBody.status(exchange.getMessage()) == 401
                && shown != null
                && attempts != null
                && !attempts.hasRepeatedCredentials()) {
            shown.refuse();
        }
        throw unavailable(exchange, "");
    }

    private static ServiceUnavailable unavailable(Exchange exchange, String why) {
        return new ServiceUnavailable(said(exchange) + why, AnswerBody.status(exchange.getMessage()));
    }

    /** The call was one too many, and perhaps the API says how long to wait. */
    public void refused(Exchange exchange) {
        Message answer = exchange.getMessage();
        throw new RateLimited(
                said(exchange),
                Refusal.of(
                        AnswerBody.status(answer),
                        AnswerBody.errorCode(answer),
                        name -> answer.getHeader(name, String.class),
                        Instant.now()));
    }

    /** The API does not know us, or does not let us see the record. */
    public void credentialsRefused(Exchange exchange) {
        int status = AnswerBody.status(exchange.getMessage());
        AccessToken shown = exchange.getProperty(AccessToken.SHOWN, AccessToken.class);
        if (status == 401 && shown != null) {
            shown.refuse();
        }
        throw new Unauthorized(said(exchange), status, reason(exchange));
    }

    /** The token endpoint does not know us, and a person has to look why: the variable {@code check} says where. */
    public void tokenRefused(Exchange exchange) {
        throw new Unauthorized(said(exchange) + "; check " + exchange.getVariable("check"));
    }

    /** The API finds fault with the record. */
    public void recordRejected(Exchange exchange) {
        throw new InvalidRecord(reason(exchange), said(exchange), API);
    }

    private static String reason(Exchange exchange) {
        return (AnswerBody.status(exchange.getMessage()) + " " + AnswerBody.errorCode(exchange.getMessage())).strip();
    }

    /**
     * The answer must be about what was asked for.
     *
     * @param field of the answer that has its id, a text or a whole number
     * @throws InvalidRecord where it is something else
     */
    public JsonNode about(Exchange exchange, String field) {
        JsonNode answer = exchange.getMessage().getBody(JsonNode.class);
        String id = exchange.getVariable("id", String.class);
        JsonNode said = answer.path(field);
        if (!said.isTextual() && !said.isIntegralNumber() || !said.asText().equals(id)) {
            throw unexpected(exchange.getVariable("stage") + "'s answer has not " + field + " " + id, answer);
        }
        return answer;
    }

    /**
     * The answer must be a record of a type. NetSuite says so in the link that a record has to itself.
     *
     * @throws InvalidRecord where it is a record of another type
     */
    public JsonNode aboutRecord(Exchange exchange, String type) {
        JsonNode record = about(exchange, "id");
        for (JsonNode link : record.path("links")) {
            Matcher self = RECORD.matcher(link.path("href").asText());
            if (link.path("rel").asText().equals("self")
                    && self.find()
                    && !self.group(1).equalsIgnoreCase(type)) {
                throw unexpected("NetSuite's answer is no " + type + ", but a " + self.group(1), record);
            }
        }
        return record;
    }

    /**
     * The answer must be a page of what a query yields.
     *
     * @throws InvalidRecord where it is a page of something else
     * @throws ServiceUnavailable where it is no page at all
     */
    public JsonNode aboutPage(Exchange exchange) {
        JsonNode page = exchange.getMessage().getBody(JsonNode.class);
        if (!page.has("items") && !page.has("hasMore")) {
            throw unavailable(exchange, ", which is not a page of a query: " + excerpt(page.toString()));
        }
        if (!page.path("items").isArray() || !page.path("hasMore").isBoolean()) {
            throw unexpected("NetSuite's answer is not a page of a query", page);
        }
        return page;
    }

    /**
     * The answer must be a meter's report of the customer, for the time that was asked for, and all of it. One without data is a
     * customer without usage.
     *
     * @param from the month's first moment
     * @param to the first moment after it
     * @throws InvalidRecord where it is something else
     */
    public JsonNode aboutCustomer(Exchange exchange, String from, String to) {
        JsonNode report = exchange.getMessage().getBody(JsonNode.class);
        String customerId = exchange.getVariable("id", String.class);
        String link = exchange.getMessage().getHeader("Link", String.class);
        String fault = new UsageReport(report, new UsageWindow(from, to)).fault(Set.of(customerId), link);
        if (fault != null) {
            throw unexpected("the usage API's answer is not " + fault, report);
        }
        return report;
    }

    private static InvalidRecord unexpected(String what, JsonNode answer) {
        return new InvalidRecord("unexpected answer", what + ": " + excerpt(answer.toString()), UNEXPECTED_ANSWER);
    }

    /** Such as: netsuite answered 404 NONEXISTENT_ID: The record does not exist (operation 7d2f). */
    private static String said(Exchange exchange) {
        Message answer = exchange.getMessage();
        StringBuilder said = new StringBuilder(String.valueOf(exchange.getVariable("stage")))
                .append(" answered ")
                .append(AnswerBody.status(answer));
        JsonNode error = AnswerBody.objectOrNull(answer);
        String code = AnswerBody.errorCode(answer);
        if (!code.isEmpty()) {
            said.append(' ').append(code);
        }
        String detail = error == null
                ? new String(AnswerBody.bytes(answer), StandardCharsets.UTF_8)
                : error.at("/o:errorDetails/0/detail")
                        .asText(error.path("detail")
                                .asText(error.path("error_description")
                                        .asText(error.path("title").asText())));
        if (!detail.isBlank() && AnswerBody.status(answer) != 200) {
            said.append(": ").append(excerpt(detail));
        }
        String operation = answer.getHeader("X-N-OperationId", String.class);
        if (operation != null) {
            said.append(" (operation ").append(excerpt(operation)).append(')');
        }
        return said.toString();
    }

    private static String excerpt(String text) {
        String line = text.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
        return line.length() <= EXCERPT ? line : line.substring(0, EXCERPT) + "…";
    }
}
