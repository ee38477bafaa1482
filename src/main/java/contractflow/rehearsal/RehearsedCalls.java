package contractflow.rehearsal;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;

/** Counts the calls to the simulated APIs from their begin to their answer, for the routes of the rehearsal. */
public final class RehearsedCalls {

    /** What both APIs saw. */
    static final String NAME = "rehearsedCalls";

    /** Answers for the usage API; all others answer for NetSuite. */
    private static final String USAGE_ROUTE = "sandbox-usage";

    private static final Pattern ID = Pattern.compile("\\d+");

    /** The ids of a query for contracts, and those of a query for customers. */
    private static final Pattern IDS =
            Pattern.compile("\\sIN\\s*\\([\\d,\\s]+\\)|\"filterCustomerId\"\\s*:\\s*(?:\\[[^\\]]*]|\"[^\"]*\")");

    /** The header by which a run says which night it is of, since two are rehearsed at once. */
    static final String NIGHT = "X-Rehearsed-Night";

    private final Map<String, Apis> nights = new ConcurrentHashMap<>();

    /** What the two APIs see of one night. */
    record Apis(RehearsedApi netsuite, RehearsedApi usage) {}

    Apis of(String night) {
        return nights.computeIfAbsent(night, name -> new Apis(new RehearsedApi(), new RehearsedApi()));
    }

    /**
     * A call comes in.
     *
     * @return the fault that it is answered with
     */
    public Fault begin(Exchange exchange) {
        Apis apis = of(exchange.getMessage().getHeader(NIGHT, "", String.class));
        RehearsedApi api = exchange.getFromRouteId().equals(USAGE_ROUTE) ? apis.usage() : apis.netsuite();
        List<String> ids = ids(exchange);
        // What happens after the route gets no variables.
        exchange.setProperty("rehearsedApi", api);
        exchange.setProperty("rehearsedIds", ids);
        return api.begin(ids.size());
    }

    /** The call is about to be answered; its records count where it is answered with 200. */
    public void end(
            Exchange exchange,
            @ExchangeProperty("rehearsedApi") RehearsedApi api,
            @ExchangeProperty("rehearsedIds") List<String> ids) {
        Integer status = exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
        boolean answered = exchange.getException() == null && (status == null || status == 200);
        api.end(answered ? ids : List.of());
    }

    private static List<String> ids(Exchange exchange) {
        Object id = exchange.getMessage().getHeader("id", exchange.getMessage().getHeader("filterCustomerId"));
        if (id != null) {
            return all(id.toString());
        }
        // The body may be a stream, which the routes read after this.
        String body = exchange.getMessage().getBody(String.class);
        exchange.getMessage().setBody(body);
        return IDS.matcher(body == null ? "" : body)
                .results()
                .findFirst()
                .map(match -> all(match.group()))
                .orElse(List.of());
    }

    private static List<String> all(String text) {
        return ID.matcher(text).results().map(MatchResult::group).toList();
    }
}
