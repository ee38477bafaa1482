package contractflow.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What a meter reports of one customer or of several: a row for each window of each of them, and none for a customer without usage.
 *
 * @param report as the API has written it
 * @param window the month that it is to be of
 */
record UsageReport(JsonNode report, UsageWindow window) {

    private static final Set<String> FAILURES = Set.of("error", "errors", "fault", "exception");
    private static final Set<String> NO_FAILURE = Set.of("", "0", "false");
    private static final Set<String> UNFINISHED =
            Set.of("partial", "incomplete", "error", "failed", "failure", "pending", "processing", "running");

    /**
     * What keeps it from being all of the usage that was asked for.
     *
     * @param customers that were asked for; a row need not say whose it is where that is one
     * @param link the value of the answer's header {@code Link}; null where it has none
     * @return such as "all of the usage, by hasMore true", after "is not"; null where nothing does
     */
    String fault(Set<String> customers, String link) {
        String of = customers.size() == 1
                ? "the usage of customer " + customers.iterator().next()
                : "the usage of " + customers.size() + " customers";
        if (!report.path("data").isArray()) {
            return "a report: it has no array data";
        }
        String failure = failure();
        if (failure != null) {
            return of + ", but " + failure;
        }
        if (isOfAnother(report, customers)) {
            return of;
        }
        for (JsonNode row : report.get("data")) {
            boolean said = !isAbsent(row.path("customerId"));
            if (!row.path("value").isNumber() || isOfAnother(row, customers) || !said && customers.size() > 1) {
                return of;
            }
        }
        String other = window.contradiction(report);
        if (other != null) {
            return "the usage from " + window.from() + " to " + window.to() + ", but of " + other;
        }
        String twice = OverlappingRows.find(report.get("data"));
        if (twice != null) {
            return of + ", but has " + twice + " twice";
        }
        String more = FurtherPages.sign(report, report.get("data").size(), link);
        return more == null ? null : "all of the usage, by " + more;
    }

    /** Whether something says whose it is, and that customer was not asked for. */
    private static boolean isOfAnother(JsonNode something, Set<String> customers) {
        JsonNode customer = something.path("customerId");
        return !isAbsent(customer) && !(customer.isValueNode() && customers.contains(customer.asText()));
    }

    private static boolean isAbsent(JsonNode field) {
        return field.isMissingNode() || field.isNull();
    }

    /** What says that an answer with status 200 is a failure all the same, or not all of a report. */
    private String failure() {
        for (Map.Entry<String, JsonNode> field : report.properties()) {
            String name = field.getKey().toLowerCase(Locale.ROOT);
            JsonNode value = field.getValue();
            boolean fails = FAILURES.contains(name)
                            && (value.isContainerNode()
                                    ? !value.isEmpty()
                                    : !isAbsent(value) && !NO_FAILURE.contains(value.asText()))
                    || name.equals("status")
                            && UNFINISHED.contains(value.asText().toLowerCase(Locale.ROOT));
            if (fails) {
                return field.getKey() + " " + value;
            }
        }
        return null;
    }
}
