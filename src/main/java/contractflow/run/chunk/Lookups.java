package contractflow.run.chunk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import contractflow.api.SuiteQl;
import contractflow.api.UriEncoding;
import contractflow.contract.Chunk;
import contractflow.contract.Contract;
import contractflow.contract.Lookup;
import contractflow.failure.SetupException;
import contractflow.run.Run;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.Body;
import org.apache.camel.CamelContext;
import org.apache.camel.Variable;

/** Divides a chunk into the calls that look it up, and writes what they ask. */
public final class Lookups {

    static final String QUERY = "sql/netsuite-lookup.sql";

    private static final String IDS = ":ids";

    /** What NetSuite gives a record as its id. Any other id is asked for by its record, and never becomes part of a query. */
    private static final Pattern WHOLE_NUMBER = Pattern.compile("[1-9]\\d{0,17}");

    /** Servers and proxies take a request line of 8,000 characters, the rest of it included. */
    private static final int LONGEST_QUERY = 6000;

    private final UriEncoding encoding = new UriEncoding();

    private int contractsPerCall;
    private int customersPerCall;

    /**
     * @param contractsPerCall most records in one query; 1 for none
     */
    public void setContractsPerCall(int contractsPerCall) {
        this.contractsPerCall = contractsPerCall;
    }

    /**
     * @param customersPerCall most customers in one call; 1 for none
     */
    public void setCustomersPerCall(int customersPerCall) {
        this.customersPerCall = customersPerCall;
    }

    /** The queries for the chunk's contracts, but for those that NetSuite has answered and those whose id is no whole number. */
    public List<Lookup> ofContracts(@Variable("run") Run run, @Variable("chunk") Chunk chunk) {
        Map<String, List<Contract>> byId = new LinkedHashMap<>();
        chunk.contracts().stream()
                .filter(contract -> !contract.hasAnswer("netsuite")
                        && WHOLE_NUMBER.matcher(contract.getContractId()).matches())
                .forEach(contract -> byId.computeIfAbsent(contract.getContractId(), id -> new ArrayList<>(1))
                        .add(contract));
        return lookups("netsuite", byId, run, contractsPerCall);
    }

    /**
     * The calls for the usage of customers.
     *
     * @param customers each with its contracts
     */
    public List<Lookup> ofCustomers(@Variable("run") Run run, @Body Map<String, List<Contract>> customers) {
        return lookups("usage", customers, run, customersPerCall);
    }

    private static List<Lookup> lookups(String api, Map<String, List<Contract>> byId, Run run, int perCall) {
        int most = Math.min(perCall, run.lookups(api).getMost());
        List<Lookup> lookups = new ArrayList<>();
        Map<String, List<Contract>> next = new LinkedHashMap<>();
        int length = 0;
        for (Map.Entry<String, List<Contract>> entry : byId.entrySet()) {
            // Escaped, a character has three or more.
            int longer = "&filterCustomerId=".length() + 3 * entry.getKey().length();
            if (next.size() == most || length + longer > LONGEST_QUERY && !api.equals("netsuite")) {
                lookups.add(new Lookup(api, next));
                next = new LinkedHashMap<>();
                length = 0;
            }
            next.put(entry.getKey(), entry.getValue());
            length += longer;
        }
        lookups.add(new Lookup(api, next));
        // One record is asked for by itself, as ever.
        lookups.removeIf(lookup -> lookup.size() < 2);
        return lookups;
    }

    /**
     * The query for a lookup's contracts.
     *
     * @param text of the file
     * @throws SetupException where the text does not say which contracts
     */
    public JsonNode query(@Body String text, @Variable("lookup") Lookup lookup, CamelContext camel) {
        SuiteQl query = new SuiteQl(text);
        if (!query.has(IDS)) {
            throw new SetupException(QUERY + " has no " + IDS
                    + ", so it would not ask for the contracts of the feed; it needs a condition such as id IN (" + IDS
                    + ")");
        }
        // There is no record 0: nothing is asked for to see whether the query is refused.
        String ids = lookup.getIds().isEmpty() ? "0" : String.join(",", lookup.getIds());
        return query.request(IDS, ids, camel);
    }

    /** The query string of a call for a lookup's customers. */
    public String parameters(@Variable("run") Run run, @Variable("lookup") Lookup lookup) {
        StringBuilder parameters = new StringBuilder("from=" + run.getUsageFrom() + "&to=" + run.getUsageTo());
        parameters.append("&windowSize=MONTH");
        lookup.getIds().forEach(id -> parameters.append("&filterCustomerId=").append(encoding.encode(id)));
        return parameters.toString();
    }

    /** The same as a body. */
    public JsonNode body(@Variable("run") Run run, @Variable("lookup") Lookup lookup) {
        ObjectNode body = JsonNodeFactory.instance
                .objectNode()
                .put("from", run.getUsageFrom())
                .put("to", run.getUsageTo())
                .put("windowSize", "MONTH");
        lookup.getIds().forEach(body.putArray("filterCustomerId")::add);
        return body;
    }
}
