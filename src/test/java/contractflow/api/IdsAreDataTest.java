package contractflow.api;

import static contractflow.support.FakeApis.anyCustomer;
import static contractflow.support.FakeApis.contract;
import static contractflow.support.FakeApis.json;
import static contractflow.support.FakeApis.netsuiteError;
import static contractflow.support.FakeApis.record;
import static contractflow.support.FakeApis.report;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import contractflow.contract.Json;
import contractflow.support.ContractFlowTest;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.support.CamelContextHelper;
import org.junit.jupiter.api.Test;

/** Whatever an id or an answer's header says, it is data: it never becomes a path, a placeholder, an expression or an option. */
class IdsAreDataTest extends ContractFlowTest {

    /** Ids that have a meaning in URLs, and how each must be written into a URL. */
    private static final Map<String, String> IDS = Map.ofEntries(
            entry("A/../b?x", "A%2F..%2Fb%3Fx"),
            entry("a b", "a%20b"),
            entry("a+b", "a%2Bb"),
            entry("100%", "100%25"),
            entry("%2F", "%252F"),
            entry("\u00FC\u2603", "%C3%BC%E2%98%83"),
            entry("\uD83D\uDE00", "%F0%9F%98%80"),
            entry("{{netsuite.token}}", "%7B%7Bnetsuite.token%7D%7D"),
            entry("${body}", "%24%7Bbody%7D"),
            entry("'quoted'", "%27quoted%27"),
            entry("\"x\"", "%22x%22"),
            entry("a,b", "a%2Cb"),
            entry("a&b=c", "a%26b%3Dc"),
            entry("#frag", "%23frag"),
            entry("RAW(x)", "RAW%28x%29"),
            entry("...", "..."),
            entry("true", "true"));

    private static final String RECORDS = "/services/rest/record/v1/customrecord_contracts/";
    private static final String METER =
            "/api/v1/meters/api_calls/query?from=2026-10-01T00:00:00Z&to=2026-11-01T00:00:00Z"
                    + "&windowSize=MONTH&filterCustomerId=";

    @Test
    void idIsOnePathSegmentAndOneQueryValue() throws Exception {
        for (Map.Entry<String, String> id : IDS.entrySet()) {
            apis.netsuite().stubFor(contract(id.getValue()).willReturn(json("{\"id\":" + quoted(id.getKey()) + "}")));
        }
        apis.usage().stubFor(anyCustomer().willReturn(json("{\"data\":[]}")));

        Map<String, Object> run = run(feed(
                "contracts.ndjson",
                IDS.keySet().stream()
                        .map(id -> "{\"contract_id\":" + quoted(id) + ",\"customer_id\":" + quoted(id) + "}")
                        .collect(Collectors.joining("\n"))));

        assertThat(run).containsEntry("status", "complete").containsEntry("loaded", (long) IDS.size());
        assertThat(urls(apis.netsuite().getAllServeEvents()))
                .containsExactlyInAnyOrderElementsOf(
                        IDS.values().stream().map(RECORDS::concat).toList());
        assertThat(urls(apis.usage().getAllServeEvents()).map(IdsAreDataTest::withPlainColons))
                .containsExactlyInAnyOrderElementsOf(
                        IDS.values().stream().map(METER::concat).toList());
        assertThat(requests()).noneMatch(request -> request.getUrl().contains("secret"));
        assertThat(query("SELECT contract_id, customer_id FROM contract_enriched"))
                .containsExactlyInAnyOrderElementsOf(IDS.keySet().stream()
                        .map(id -> Map.<String, Object>of("contract_id", id, "customer_id", id))
                        .toList());
    }

    @Test
    void idThatIsAnotherPathIsDeadLetterWithoutCall() throws Exception {
        StringBuilder csv = new StringBuilder("contract_id,customer_id\n..,1\n.,1\n");
        for (int i = 1; i <= 30; i++) {
            csv.append("C-").append(i).append(",.\n");
        }

        Map<String, Object> run = run(feed("contracts.csv", csv.toString()));

        assertThat(run).containsEntry("status", "complete").containsEntry("dead", 32L);
        assertThat(query("SELECT stage, reason, attempts, count(*) FROM dead_letter GROUP BY 1, 2, 3"))
                .containsExactlyInAnyOrder(
                        Map.of("stage", "netsuite", "reason", "impossible id", "attempts", 0, "count", 2L),
                        Map.of("stage", "usage", "reason", "impossible id", "attempts", 0, "count", 30L));
        assertThat(apis.netsuiteCalls()).isEqualTo(30);
        assertThat(apis.usageCalls()).isZero();
        assertThat(CamelContextHelper.findSingleByType(context, CircuitBreakerRegistry.class)
                        .getAllCircuitBreakers())
                .allMatch(breaker -> breaker.getMetrics().getNumberOfFailedCalls() == 0);
    }

    @Test
    void noHeaderOfCamelIsSentOrBelieved() throws Exception {
        apis.netsuite().stubFor(contract("C-1").willReturn(withHeadersOfCamel(record(0))));
        apis.netsuite()
                .stubFor(contract("C-2")
                        .willReturn(
                                withHeadersOfCamel(netsuiteError(404, "NONEXISTENT_ID", "There is no such record."))));
        apis.usage().stubFor(anyCustomer().willReturn(withHeadersOfCamel(report(0))));

        Map<String, Object> run = run(feedOf(3));

        assertThat(run)
                .containsEntry("status", "complete")
                .containsEntry("loaded", 2L)
                .containsEntry("dead", 1L);
        // One of them may be asked for twice, to compare the refusal of C-2 with it.
        assertThat(urls(apis.netsuite().getAllServeEvents()))
                .containsOnly(RECORDS + "C-1", RECORDS + "C-2", RECORDS + "C-3");
        assertThat(urls(apis.usage().getAllServeEvents()).map(IdsAreDataTest::withPlainColons))
                .containsExactlyInAnyOrder(METER + "K-1", METER + "K-3");
        assertThat(requests()).allSatisfy(request -> {
            assertThat(request.getHeaders().keys()).noneMatch(name -> name.matches("(?i)camel.*"));
            assertThat(request.getHeaders().keys()).containsOnlyOnce("Authorization");
        });
    }

    @Test
    void headerOfTheCaller_isNotSent() throws Exception {
        Path feed = feedOf(1);

        template.request("direct:run-feed", exchange -> {
            exchange.getMessage().setBody(feed.toFile());
            exchange.getMessage().setHeader("X-Note", "for us only");
            exchange.getMessage().setHeader("CamelHttpUri", "http://127.0.0.1:1/elsewhere");
        });

        assertThat(value("SELECT loaded FROM run")).isEqualTo(1L);
        assertThat(requests()).hasSize(2).noneMatch(request -> request.containsHeader("X-Note"));
    }

    private static ResponseDefinitionBuilder withHeadersOfCamel(ResponseDefinitionBuilder answer) {
        return answer.withHeader("CamelHttpPath", "elsewhere")
                .withHeader("CamelHttpUri", "http://127.0.0.1:1/elsewhere")
                .withHeader("CamelHttpQuery", "filterCustomerId=other")
                .withHeader("CamelHttpMethod", "DELETE")
                .withHeader("CamelHttpResponseCode", "503")
                .withHeader("CamelFileName", "../elsewhere")
                .withHeader("CamelSqlQuery", "SELECT 1")
                .withHeader("CamelAggregationCompleteAllGroups", "true");
    }

    private Stream<LoggedRequest> requests() {
        return Stream.concat(apis.netsuite().getAllServeEvents().stream(), apis.usage().getAllServeEvents().stream())
                .map(ServeEvent::getRequest);
    }

    private static Stream<String> urls(List<ServeEvent> events) {
        return events.stream().map(event -> event.getRequest().getUrl());
    }

    /** A colon in a query may be escaped or not. */
    private static String withPlainColons(String url) {
        return url.replace("%3A", ":");
    }

    private static String quoted(String text) {
        try {
            return Json.exact().writeValueAsString(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
