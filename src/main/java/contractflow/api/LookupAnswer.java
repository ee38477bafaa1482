package contractflow.api;

import static contractflow.failure.api.InvalidRecord.Source.UNEXPECTED_ANSWER;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import contractflow.contract.Lookup;
import contractflow.failure.api.InvalidRecord;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/**
 * The answer to a {@link Lookup}, which belongs to ids and not to positions. An id that the answer lacks, or has twice, stays without an
 * answer and is asked for by itself; an answer that has what was not asked for is no answer at all.
 */
public final class LookupAnswer {

    /** What the name of a column ends with that has a reference's text. A record has it as the refName of the reference. */
    private static final String REFERENCE = "_refname";

    /**
     * Keeps each row of a query with its contract, in the shape of NetSuite's own record.
     *
     * @param page of which {@link ApiAnswer#aboutPage} has seen that it is one
     * @throws InvalidRecord where it is not the answer to this query
     */
    public void rows(@Body JsonNode page, @Variable("lookup") Lookup lookup) {
        if (page.get("hasMore").booleanValue() || page.get("items").size() > lookup.size()) {
            throw unexpected(
                    "netsuite's answer has more rows than the " + lookup.size() + " records that were asked for");
        }
        Map<String, JsonNode> records = new HashMap<>();
        Set<String> twice = new HashSet<>();
        for (JsonNode row : page.get("items")) {
            ObjectNode its = record(row);
            JsonNode id = its.path("id");
            if (!id.isTextual() && !id.isIntegralNumber() || !lookup.getIds().contains(id.asText())) {
                throw unexpected("netsuite's answer has a row whose id was not asked for");
            }
            if (records.put(id.asText(), its) != null) {
                twice.add(id.asText());
            }
        }
        records.keySet().removeAll(twice);
        records.forEach(lookup::answer);
    }

    /** A row as a record: names in lower case, without what is null, and references as objects. */
    private static ObjectNode record(JsonNode row) {
        ObjectNode its = JsonNodeFactory.instance.objectNode();
        row.properties().forEach(column -> {
            String name = column.getKey().toLowerCase(Locale.ROOT);
            if (!column.getValue().isNull() && !name.equals("links") && its.replace(name, column.getValue()) != null) {
                throw unexpected("netsuite's answer has a row with column " + name + " twice");
            }
        });
        List<String> references = its.propertyStream()
                .map(Map.Entry::getKey)
                .filter(name -> name.endsWith(REFERENCE))
                .toList();
        references.forEach(name -> {
            JsonNode text = its.remove(name);
            its.putObject(name.substring(0, name.length() - REFERENCE.length())).set("refName", text);
        });
        return its;
    }

    /**
     * Keeps a report for each customer that was asked for, as the answer for that customer alone would be.
     *
     * @param from the month's first moment
     * @param to the first moment after it
     * @throws InvalidRecord where it is not the report that was asked for
     */
    public void reports(Exchange exchange, String from, String to) {
        JsonNode report = exchange.getMessage().getBody(JsonNode.class);
        Lookup lookup = exchange.getVariable("lookup", Lookup.class);
        String link = exchange.getMessage().getHeader("Link", String.class);
        String fault = new UsageReport(report, new UsageWindow(from, to)).fault(lookup.getIds(), link);
        if (fault != null) {
            throw unexpected("the usage API's answer is not " + fault);
        }
        Map<String, ArrayNode> rows = new HashMap<>();
        lookup.getIds().forEach(id -> rows.put(id, JsonNodeFactory.instance.arrayNode()));
        report.get("data")
                .forEach(row -> rows.get(row.get("customerId").asText()).add(row));
        rows.forEach((id, its) -> {
            ObjectNode own = JsonNodeFactory.instance.objectNode();
            report.properties().forEach(field -> own.set(field.getKey(), field.getValue()));
            own.set("data", its);
            lookup.answer(id, own);
        });
    }

    private static InvalidRecord unexpected(String what) {
        return new InvalidRecord("unexpected answer", what, UNEXPECTED_ANSWER);
    }
}
