package contractflow.api;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static contractflow.support.FakeApis.anyContract;
import static contractflow.support.FakeApis.anyCustomer;
import static contractflow.support.FakeApis.contract;
import static contractflow.support.FakeApis.customer;
import static contractflow.support.FakeApis.json;
import static contractflow.support.FakeApis.netsuiteError;
import static contractflow.support.FakeApis.record;
import static contractflow.support.FakeApis.report;
import static contractflow.support.FakeApis.usageProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import contractflow.support.ContractFlowTest;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.support.CamelContextHelper;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an API does to a run when it fails: a bad record costs that record, a bad service costs time. */
@Tag("slow")
class ApiFailureTest extends ContractFlowTest {

    @Override
    protected Map<String, String> settings() {
        return Map.of("netsuite.timeout", "1s", "usage.timeout", "1s", "contract.workers", "30", "api.max-wait", "20s");
    }

    static Stream<Arguments> passingFaults() {
        return Stream.of(
                Arguments.of("500", netsuiteError(500, "UNEXPECTED_ERROR", "An unexpected error occurred.")),
                Arguments.of("503 page", aResponse().withStatus(503).withBody("<html>maintenance</html>")),
                Arguments.of("302", aResponse().withStatus(302).withHeader("Location", "http://127.0.0.1:1/elsewhere")),
                Arguments.of(
                        "200 page",
                        aResponse().withHeader("Content-Type", "text/html").withBody("<html>maintenance</html>")),
                Arguments.of("200 cut short", json("{\"id\":\"C-2\",\"na")),
                Arguments.of("200 with two values", json("{\"id\":\"C-2\"} {}")),
                Arguments.of("200 without a body", aResponse()),
                Arguments.of("no answer in time", record(3000)),
                Arguments.of("dripping body", record(0).withChunkedDribbleDelay(20, 10_000)),
                Arguments.of("connection reset", aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)),
                Arguments.of("garbage", aResponse().withFault(Fault.RANDOM_DATA_THEN_CLOSE)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("passingFaults")
    void faultThatPassesCostsAnotherTry(String name, ResponseDefinitionBuilder fault) throws Exception {
        apis.netsuite()
                .stubFor(contract("C-2")
                        .inScenario("fault")
                        .whenScenarioStateIs("Started")
                        .willSetStateTo("over")
                        .willReturn(fault));

        assertThat(run(feedOf(5))).containsEntry("status", "complete").containsEntry("loaded", 5L);

        assertThat(apis.netsuiteCalls("C-2")).isEqualTo(2);
        assertThat(apis.netsuiteCalls()).isEqualTo(6);
    }

    @Test
    void contractThatAlwaysFailsIsExhaustedAfterItsAttempts() throws Exception {
        apis.netsuite()
                .stubFor(contract("C-2")
                        .willReturn(netsuiteError(500, "UNEXPECTED_ERROR", "An unexpected error occurred.")));

        assertThat(run(feedOf(60)))
                .containsEntry("status", "complete")
                .containsEntry("loaded", 59L)
                .containsEntry("dead", 1L);

        assertThat(letters())
                .singleElement()
                .satisfies(letter -> assertThat(letter)
                        .containsEntry("contract_id", "C-2")
                        .containsEntry("reason", "exhausted")
                        .containsEntry("attempts", 4)
                        .extractingByKey("error")
                        .asString()
                        .contains("500 UNEXPECTED_ERROR")
                        .contains("operation-1"));
        assertThat(apis.netsuiteCalls("C-2")).isEqualTo(4);
        assertThat(apis.usageCalls("K-2")).isZero();
    }

    @Test
    void customerThatAlwaysFails_isExhaustedAndTheDeadLetterKeepsTheRecord() throws Exception {
        apis.usage().stubFor(customer("K-2").willReturn(usageProblem(502, "bad gateway")));

        assertThat(run(feedOf(60))).containsEntry("loaded", 59L).containsEntry("dead", 1L);

        assertThat(letters()).singleElement().satisfies(letter -> {
            assertThat(letter).containsEntry("stage", "usage").containsEntry("attempts", 4);
            assertThat(letter.get("netsuite").toString()).contains("CON C-2");
        });
        assertThat(apis.netsuiteCalls("C-2")).isEqualTo(1);
    }

    static Stream<Arguments> faultsOfTheRecord() {
        return Stream.of(
                Arguments.of("404 NONEXISTENT_ID", netsuiteError(404, "NONEXISTENT_ID", "There is no such record.")),
                Arguments.of("400 USER_ERROR", netsuiteError(400, "USER_ERROR", "Invalid value.")),
                Arguments.of("410", netsuiteError(410, "", "Gone.")),
                Arguments.of(
                        "403 INSUFFICIENT_PERMISSION", netsuiteError(403, "INSUFFICIENT_PERMISSION", "Not for you.")),
                Arguments.of(
                        "404 NONEXISTENT_ID",
                        netsuiteError(404, "NONEXISTENT_ID", "As a page.").withHeader("Content-Type", "text/html")),
                Arguments.of("unexpected answer", json("{\"id\":\"C-3\",\"name\":\"another one\"}")),
                Arguments.of("unexpected answer", json("[1,2]")),
                Arguments.of(
                        "unexpected answer",
                        json("{\"id\":\"C-2\",\"links\":[{\"rel\":\"self\","
                                + "\"href\":\"https://a/services/rest/record/v1/customer/C-2\"}]}")),
                Arguments.of("unexpected answer", json("{\"id\":\"C-2\",\"name\":\"one\",\"name\":\"another\"}")),
                Arguments.of("unexpected answer", json("{\"id\":\"C-2\",\"currency\":{\"id\":\"1\",\"id\":\"2\"}}")),
                Arguments.of("unexpected answer", json("{\"items\":[]}")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faultsOfTheRecord")
    void faultOfTheRecordIsDeadAtOnce(String reason, ResponseDefinitionBuilder answer) throws Exception {
        apis.netsuite().stubFor(contract("C-2").willReturn(answer));

        assertThat(run(feedOf(5))).containsEntry("loaded", 4L).containsEntry("dead", 1L);

        assertThat(letters())
                .singleElement()
                .satisfies(letter -> assertThat(letter)
                        .containsEntry("stage", "netsuite")
                        .containsEntry("reason", reason)
                        .containsEntry("attempts", 1));
        assertThat(apis.netsuiteCalls("C-2")).isEqualTo(1);
    }

    static Stream<Arguments> firstAnswers() {
        return Stream.of(
                Arguments.of(
                        netsuiteError(429, "CONCURRENCY_LIMIT_EXCEEDED", "Too many.")
                                .withHeader("Retry-After", "0"),
                        1),
                Arguments.of(netsuiteError(500, "UNEXPECTED_ERROR", "An unexpected error occurred."), 2),
                Arguments.of(netsuiteError(401, "INVALID_LOGIN", "Invalid login attempt."), 2));
    }

    @ParameterizedTest
    @MethodSource("firstAnswers")
    void faultOfTheRecordIsDeadAtOnceWhateverCameBefore(ResponseDefinitionBuilder first, int attempts)
            throws Exception {
        apis.netsuite()
                .stubFor(contract("C-2").willReturn(netsuiteError(404, "NONEXISTENT_ID", "There is no such record.")));
        apis.netsuite()
                .stubFor(contract("C-2")
                        .inScenario("first")
                        .whenScenarioStateIs("Started")
                        .willSetStateTo("then")
                        .willReturn(first));

        assertThat(run(feedOf(5)))
                .containsEntry("status", "complete")
                .containsEntry("loaded", 4L)
                .containsEntry("dead", 1L);

        assertThat(apis.netsuiteCalls("C-2")).isEqualTo(2);
        assertThat(letters())
                .singleElement()
                .satisfies(letter -> assertThat(letter)
                        .containsEntry("reason", "404 NONEXISTENT_ID")
                        .containsEntry("attempts", attempts));
    }

    private static final String USAGE =
            "{\"data\":[{\"value\":1,\"windowStart\":\"%s\",\"windowEnd\":\"%s\",\"customerId\":\"K-2\"}]%s}";

    private static final String OCTOBER = "{\"from\":\"2026-10-01T00:00:00Z\",\"to\":\"2026-11-01T00:00:00Z\",\"data\":"
            + "[{\"value\":1,\"windowStart\":\"2026-10-01T00:00:00+02:00\",\"windowEnd\":\"2026-10-31T23:59:59+01:00\"}]%s}";

    private static final String OCTOBER_1 = "2026-10-01T00:00:00Z";
    private static final String OCTOBER_2 = "2026-10-02T00:00:00Z";

    /** A report of a row for each pair of times. */
    private static String rows(String... times) {
        return IntStream.range(0, times.length / 2)
                .mapToObj(i -> "{\"value\":1,\"windowStart\":\"%s\",\"windowEnd\":\"%s\",\"customerId\":\"K-2\"}"
                        .formatted(times[2 * i], times[2 * i + 1]))
                .collect(Collectors.joining(",", "{\"data\":[", "]}"));
    }

    static Stream<String> usageInParts() {
        return Stream.of(
                rows(OCTOBER_1, OCTOBER_2, OCTOBER_2, "2026-10-03T00:00:00Z"),
                rows(OCTOBER_2, "2026-10-03T00:00:00Z", OCTOBER_1, OCTOBER_2),
                rows(OCTOBER_1, "2026-10-01T23:59:59Z", OCTOBER_2, "2026-10-02T23:59:59Z"),
                // The hour that summer time ends in comes twice.
                rows(
                        "2026-10-25T02:00:00+02:00",
                        "2026-10-25T02:00:00+01:00",
                        "2026-10-25T02:00:00+01:00",
                        "2026-10-25T03:00:00+01:00"),
                "{\"data\":[{\"value\":1,\"windowStart\":\"%s\",\"groupBy\":{\"region\":\"EU\"}},".formatted(OCTOBER_1)
                        + "{\"value\":1,\"windowStart\":\"%s\",\"groupBy\":{\"region\":\"US\"}}]}".formatted(OCTOBER_1),
                "{\"data\":[{\"value\":1},{\"value\":1}],\"error\":null,\"errors\":[],\"status\":\"ok\"}");
    }

    @ParameterizedTest
    @MethodSource("usageInParts")
    void usageInPartsIsAddedUp(String answer) throws Exception {
        apis.usage().stubFor(customer("K-2").willReturn(json(answer)));

        assertThat(run(feedOf(5))).containsEntry("loaded", 5L);

        assertThat(query("SELECT usage_value::int FROM contract_enriched WHERE contract_id = 'C-2'"))
                .singleElement()
                .isEqualTo(Map.of("usage_value", 2));
    }

    @Test
    void answersThatSayTheSameInOtherWordsAreAccepted() throws Exception {
        apis.netsuite()
                .stubFor(contract("1")
                        .willReturn(json("{\"id\":1,\"links\":[{\"rel\":\"self\",\"href\":\"https://a/1\"}]}")));
        apis.usage()
                .stubFor(
                        customer("K-2")
                                .willReturn(
                                        json(
                                                OCTOBER.formatted(
                                                        ",\"hasMore\":false,\"next\":null,\"totalCount\":1,\"page\":{\"totalPages\":1,\"next\":\"\"},\"links\":{\"next\":{}}"))));

        assertThat(run(feed("contracts.csv", "contract_id,customer_id\n1,K-2\n")))
                .containsEntry("loaded", 1L);
    }

    static Stream<ResponseDefinitionBuilder> usageOfNobody() {
        return Stream.of(
                usageProblem(404, "customer not found"),
                json("{\"data\":[{\"value\":1,\"customerId\":\"K-3\"}]}"),
                json("{\"data\":[{\"value\":1,\"customerId\":3}]}"),
                json("{\"data\":[{\"value\":1}],\"data\":[]}"),
                json("{\"customerId\":\"K-3\",\"data\":[{\"value\":1}]}"),
                json("{\"customerId\":\"K-3\",\"data\":[]}"),
                json("{\"data\":[{\"value\":1,\"customerId\":{\"id\":\"K-2\"}}]}"),
                json("{\"data\":[{\"value\":1,\"customerId\":[\"K-2\"]}]}"),
                json("{\"data\":[],\"error\":\"meter is being rebuilt\"}"),
                json("{\"data\":[],\"errors\":[{\"code\":7}]}"),
                json("{\"data\":[],\"status\":\"partial\"}"),
                json(rows(OCTOBER_1, OCTOBER_2, OCTOBER_1, OCTOBER_2)),
                json(rows(OCTOBER_1, "2026-11-01T00:00:00Z", OCTOBER_2, "2026-10-03T00:00:00Z")),
                json(rows(OCTOBER_2, "2026-10-03T00:00:00Z", OCTOBER_1, "2026-11-01T00:00:00Z")),
                json(rows("2026-10-01T00:00:00+02:00", OCTOBER_2, "2026-10-01T01:00:00+03:00", OCTOBER_2)),
                json("{\"data\":[{\"value\":\"many\",\"customerId\":\"K-2\"}]}"),
                json("{\"data\":null}"),
                json(USAGE.formatted("2026-09-01T00:00:00Z", "2026-10-01T00:00:00Z", "")),
                json(USAGE.formatted("2026-10-01T00:00:00Z", "2027-01-01T00:00:00Z", "")),
                json(USAGE.formatted("yesterday", "2026-11-01T00:00:00Z", "")),
                json("{\"from\":\"2026-09-01T00:00:00Z\",\"data\":[]}"),
                json(OCTOBER.formatted(",\"hasMore\":true")),
                json(OCTOBER.formatted(",\"next_page\":2")),
                json(OCTOBER.formatted(",\"totalCount\":2")),
                json(OCTOBER.formatted(",\"meta\":{\"total_pages\":2}")),
                json(OCTOBER.formatted(",\"links\":{\"next\":{\"href\":\"/next\"}}")),
                json(OCTOBER.formatted("")).withHeader("Link", "</a>; rel=\"first\", </b>; rel=\"next\""));
    }

    @ParameterizedTest
    @MethodSource("usageOfNobody")
    void usageOfAnotherCustomerOrOfNoneIsDeadAtOnce(ResponseDefinitionBuilder answer) throws Exception {
        apis.usage().stubFor(customer("K-2").willReturn(answer));

        assertThat(run(feedOf(5))).containsEntry("loaded", 4L).containsEntry("dead", 1L);

        assertThat(letters())
                .singleElement()
                .satisfies(letter ->
                        assertThat(letter).containsEntry("stage", "usage").containsEntry("attempts", 1));
        assertThat(apis.usageCalls("K-2")).isEqualTo(1);
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of(
                        contract("C-2"),
                        netsuiteError(429, "CONCURRENCY_LIMIT_EXCEEDED", "Too many.")
                                .withHeader("Retry-After", "1")),
                Arguments.of(contract("C-2"), netsuiteError(429, "CONCURRENCY_LIMIT_EXCEEDED", "Too many.")),
                Arguments.of(contract("C-2"), netsuiteError(400, "CONCURRENCY_LIMIT_EXCEEDED", "Too many.")),
                Arguments.of(contract("C-2"), netsuiteError(400, "SSS_REQUEST_LIMIT_EXCEEDED", "Too many.")),
                Arguments.of(contract("C-2"), netsuiteError(403, "EXCEEDED_CONCURRENCY_LIMIT", "Too many.")),
                Arguments.of(contract("C-2"), netsuiteError(503, "REQUEST_LIMIT_EXCEEDED", "Too many.")));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refusalsThatEndAreNotTheRecordsFault(MappingBuilder request, ResponseDefinitionBuilder refusal)
            throws Exception {
        for (int i = 0; i < 4; i++) {
            apis.netsuite()
                    .stubFor(contract("C-2")
                            .inScenario("refusals")
                            .whenScenarioStateIs(i == 0 ? "Started" : String.valueOf(i))
                            .willSetStateTo(String.valueOf(i + 1))
                            .willReturn(
                                    i % 2 == 0
                                            ? refusal
                                            : netsuiteError(429, "CONCURRENCY_LIMIT_EXCEEDED", "Too many.")
                                                    .withHeader("Retry-After", "0")));
        }

        assertThat(run(feedOf(5)))
                .containsEntry("status", "complete")
                .containsEntry("loaded", 5L)
                .containsEntry("dead", 0L);

        assertThat(apis.netsuiteCalls("C-2")).isEqualTo(5);
    }

    @Test
    void everyWorkerPausesForRetryAfter() throws Exception {
        apis.usage()
                .stubFor(customer("K-20")
                        .inScenario("refusal")
                        .whenScenarioStateIs("Started")
                        .willSetStateTo("over")
                        .willReturn(usageProblem(429, "slow down").withHeader("Retry-After", "2")));

        assertThat(run(feedOf(200))).containsEntry("loaded", 200L);

        List<Date> calls = apis.usage().getAllServeEvents().stream()
                .map(ServeEvent::getRequest)
                .map(r -> r.getLoggedDate())
                .sorted()
                .toList();
        long longestGap = 0;
        for (int i = 1; i < calls.size(); i++) {
            longestGap = Math.max(
                    longestGap,
                    calls.get(i).toInstant().toEpochMilli()
                            - calls.get(i - 1).toInstant().toEpochMilli());
        }
        assertThat(longestGap)
                .as("ms without a call to the API that has refused one")
                .isGreaterThanOrEqualTo(1800);
    }

    @Test
    void outageCostsTimeAndNoContract() throws Exception {
        apis.netsuite().stubFor(anyContract().willReturn(record(20)));
        CompletableFuture<Map<String, Object>> run = runInBackground(feedOf(400));
        await().until(() -> apis.netsuiteCalls() > 50);
        apis.netsuite()
                .stubFor(anyContract().atPriority(2).willReturn(aResponse().withStatus(503)));
        CircuitBreakerRegistry breakers = CamelContextHelper.findSingleByType(context, CircuitBreakerRegistry.class);
        await().until(() -> breakers.circuitBreaker("netsuite").getState() == CircuitBreaker.State.OPEN);
        int calls = apis.netsuiteCalls();
        await().until(() -> apis.netsuiteCalls() > calls + 1);
        assertThat(apis.netsuiteCalls())
                .as("one at a time asks whether it is back")
                .isLessThan(calls + 4);
        apis.netsuite().stubFor(anyContract().atPriority(2).willReturn(record(0)));

        assertThat(run.get())
                .containsEntry("status", "complete")
                .containsEntry("loaded", 400L)
                .containsEntry("dead", 0L);
    }

    @Test
    void theOneContractThatIsLeftIsDeadLetteredAfterAProbe() throws Exception {
        run(feed("yesterday.csv", "contract_id,customer_id\nC-8,K-8\n"));
        apis.netsuite().stubFor(contract("C-1").willReturn(aResponse().withStatus(500)));

        assertThat(run(feedOf(1))).containsEntry("status", "complete").containsEntry("dead", 1L);

        assertThat(apis.netsuiteCalls("C-1")).isEqualTo(4);
        assertThat(apis.netsuiteCalls("C-8"))
                .as("when it was loaded, and as the probe")
                .isEqualTo(2);
    }

    @Test
    void badRecordsAtTheEndOfAFeed_areDeadLettered() throws Exception {
        for (int i = 46; i <= 60; i++) {
            apis.netsuite().stubFor(contract("C-" + i).willReturn(aResponse().withStatus(500)));
        }

        assertThat(run(feedOf(60)))
                .containsEntry("status", "complete")
                .containsEntry("loaded", 45L)
                .containsEntry("dead", 15L);
    }

    @Test
    void answerThatIsNestedTooDeeplyCostsItsOwnContractOnly() throws Exception {
        apis.netsuite()
                .stubFor(contract("C-2")
                        .willReturn(json("{\"id\":\"C-2\",\"x\":" + "[".repeat(995) + "]".repeat(995) + "}")));

        assertThat(run(feedOf(20)))
                .containsEntry("status", "complete")
                .containsEntry("loaded", 19L)
                .containsEntry("dead", 1L);
    }

    static Stream<Arguments> refusedCredentials() {
        return Stream.of(
                Arguments.of(
                        "netsuite", anyContract(), netsuiteError(401, "INVALID_LOGIN", "Invalid login attempt."), 2),
                Arguments.of(
                        "netsuite", anyContract(), netsuiteError(403, "INSUFFICIENT_PERMISSION", "Not for you."), 8),
                Arguments.of("usage", anyCustomer(), usageProblem(401, "unknown token"), 2),
                Arguments.of("usage", anyCustomer(), usageProblem(403, "not for you"), 8));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusedCredentials")
    void refusedCredentialsStopTheRunAfterAHandfulOfCalls(
            String api, MappingBuilder request, ResponseDefinitionBuilder answer, int calls) throws Exception {
        (api.equals("usage") ? apis.usage() : apis.netsuite()).stubFor(request.willReturn(answer));

        Map<String, Object> run = run(feedOf(100));

        assertThat(run)
                .containsEntry("status", "incomplete")
                .containsEntry("dead", 0L)
                .containsEntry("pending", 100L);
        assertThat(run.get("reason").toString()).startsWith(api + " answered 40");
        assertThat(api.equals("usage") ? apis.usageCalls() : apis.netsuiteCalls())
                .isLessThanOrEqualTo(calls);
    }

    @Test
    void goodTokenThatIsRefusedOnceUnderLoadIsTriedOnceMore() throws Exception {
        apis.netsuite()
                .stubFor(contract("C-2")
                        .inScenario("overload")
                        .whenScenarioStateIs("Started")
                        .willSetStateTo("over")
                        .willReturn(netsuiteError(401, "INVALID_LOGIN", "Invalid login attempt.")));

        assertThat(run(feedOf(5))).containsEntry("status", "complete").containsEntry("loaded", 5L);
    }

    @Test
    void slotsOfOneApiAreNotHeldDuringTheCallsOfTheOther() throws Exception {
        apis.netsuite().stubFor(anyContract().willReturn(record(150)));
        apis.usage().stubFor(anyCustomer().willReturn(report(600)));

        assertThat(run(feedOf(100))).containsEntry("loaded", 100L);

        // 30 workers, 15 slots for NetSuite: were a slot held for both calls, 15 at most would be asked for usage at
        // once.
        assertThat(mostAtOnce(apis.usage().getAllServeEvents(), 600)).isGreaterThan(18);
    }

    private static long mostAtOnce(List<ServeEvent> calls, long latency) {
        List<Long> starts = calls.stream()
                .map(call -> call.getRequest().getLoggedDate().toInstant().toEpochMilli())
                .toList();
        return starts.stream()
                .mapToLong(now -> starts.stream()
                        .filter(start -> start <= now && now < start + latency)
                        .count())
                .max()
                .orElse(0);
    }

    private List<Map<String, Object>> letters() throws Exception {
        return query("SELECT * FROM dead_letter");
    }
}
