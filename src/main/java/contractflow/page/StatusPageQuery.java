package contractflow.page;

import java.util.regex.Pattern;
import org.apache.camel.Exchange;

/**
 * What a visitor of the status page wants to see more of.
 *
 * @param run whose samples
 * @param reason whose dead letters
 * @param id of a contract; null where none is asked for
 * @param after the last dead letter that the visitor has seen
 */
public record StatusPageQuery(long run, String reason, String id, long after) {

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    /**
     * @throws HttpError where it is no query
     */
    public static StatusPageQuery of(Exchange request) throws HttpError {
        return new StatusPageQuery(
                number(request, "run"), text(request, "reason"), text(request, "id"), number(request, "after"));
    }

    private static String text(Exchange request, String name) throws HttpError {
        Object value = request.getMessage().getHeader(name);
        if (value != null && (!(value instanceof String text) || text.indexOf('\0') >= 0)) {
            throw new HttpError(400, name + " must be a text");
        }
        return (String) value;
    }

    private static long number(Exchange request, String name) throws HttpError {
        String value = PageAccess.header(request, name);
        if (!value.isEmpty() && !NUMBER.matcher(value).matches()) {
            throw new HttpError(400, name + " must be a number");
        }
        return value.isEmpty() ? 0 : Long.parseLong(value);
    }
}
