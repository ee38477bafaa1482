package contractflow.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/**
 * What a meter reports of one customer or of several: a row for each window of each of them, and none for a customer without usage.
 *
 * @param report as the API has written it
 * @param window the month that it is to be of
 */
record UsageReport(JsonNode report, UsageWindow window) {

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
        for (JsonNode row : report.get("data")) {
            JsonNode about = row.path("customerId");
            boolean said = about.isValueNode() && !about.isNull();
            if (!row.path("value").isNumber() || (said ? !customers.contains(about.asText()) : customers.size() > 1)) {
                return of;
            }
        }
        String other = window.contradiction(report);
        if (other != null) {
            return "the usage from " + window.from() + " to " + window.to() + ", but of " + other;
        }
        String more = FurtherPages.sign(report, report.get("data").size(), link);
        return more == null ? null : "all of the usage, by " + more;
    }
}
