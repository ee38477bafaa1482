package contractflow.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Pattern;

/**
 * The month that a usage answer is to be of. Its times are compared as they are written: an API may have its windows in another
 * zone, as 2026-10-01T00:00:00+02:00, and the month is that all the same.
 *
 * @param from the month's first moment, ISO 8601
 * @param to the first moment after it
 */
record UsageWindow(String from, String to) {

    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d{2}-\\d{2}([T ].*)?");
    private static final int MONTH = "2026-10".length();
    private static final int SECONDS = "2026-10-01T00:00:00".length();

    /**
     * What an answer says of another time than was asked for.
     *
     * @return such as "windowStart 2026-09-01T00:00:00Z"; null where it says nothing of the kind
     */
    String contradiction(JsonNode report) {
        String contradiction = contradiction(report, "from", "to");
        for (JsonNode bucket : report.path("data")) {
            contradiction = contradiction == null ? contradiction(bucket, "windowStart", "windowEnd") : contradiction;
        }
        return contradiction;
    }

    private String contradiction(JsonNode of, String start, String end) {
        JsonNode first = of.path(start);
        JsonNode last = of.path(end);
        if (isSaid(first) && !(isTime(first) && first.textValue().startsWith(from.substring(0, MONTH)))) {
            return start + " " + first.asText();
        }
        return isSaid(last) && !(isTime(last) && isInMonth(last.textValue())) ? end + " " + last.asText() : null;
    }

    private boolean isInMonth(String end) {
        String time = end.length() > SECONDS ? end.substring(0, SECONDS) : end;
        return time.compareTo(from.substring(0, Math.min(time.length(), SECONDS))) > 0
                && time.replace(' ', 'T').compareTo(to.substring(0, SECONDS)) <= 0;
    }

    private static boolean isSaid(JsonNode time) {
        return !time.isMissingNode() && !time.isNull();
    }

    private static boolean isTime(JsonNode time) {
        return time.isTextual() && TIME.matcher(time.textValue()).matches();
    }
}
