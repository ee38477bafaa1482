package contractflow.api;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static contractflow.support.FakeApis.anyContract;
import static contractflow.support.FakeApis.contract;
import static contractflow.support.FakeApis.contractLike;
import static contractflow.support.FakeApis.gatewayPage;
import static contractflow.support.FakeApis.netsuiteError;
import static contractflow.support.FakeApis.record;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.matching.MatchResult;
import contractflow.api.limits.ApiLimits;
import contractflow.support.ContractFlowTest;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Failures and refusals that some calls get and others do not: those of one record are its own, those of many are the service's. */
@Tag("slow")
class UnsteadyApiTest extends ContractFlowTest {

    @Override
    protected Map<String, String> settings() {
        return Map.of("api.max-wait", "5s", "run.max-dead-percent", "100", "netsuite.requests-per-second", "500");
    }

    static Stream<ResponseDefinitionBuilder> faults() {
        return Stream.of(gatewayPage(503), netsuiteError(500, "UNEXPECTED_ERROR", "An unexpected error occurred."));
    }

    /** As where one of two nodes is down. */
    @ParameterizedTest
    @MethodSource("faults")
    void halfOfAllCallsThatFailCostNoRecord(ResponseDefinitionBuilder fault) throws Exception {
        context.getRegistry().lookupByNameAndType("netsuite", ApiLimits.class).setMaxWait("5m");
        apis.netsuite().stubFor(anyContract().willReturn(record(20)));
        apis.netsuite()
                .stubFor(anyContract()
                        .atPriority(2)
                        .andMatching(request ->
                                MatchResult.of(ThreadLocalRandom.current().nextBoolean()))
                        .willReturn(fault));

        assertThat(run(feedOf(200)))
                .containsEntry("status", "complete")
                .containsEntry("loaded", 200L)
                .containsEntry("dead", 0L);

        assertThat(query("SELECT * FROM run_advice")).isEmpty();
    }

    /** No record is at fault, and none is answered often enough to show that one is. */
    @Test
    void callsThatMostlyFailForLongerThanARunWaitsLeaveItIncomplete() throws Exception {
        apis.netsuite().stubFor(contractLike("C-[12]?[0-9]").willReturn(record(20)));
        apis.netsuite().stubFor(anyContract().willReturn(gatewayPage(500)));
        apis.netsuite()
                .stubFor(contractLike("C-[12]?[0-9]")
                        .atPriority(1)
                        .andMatching(request ->
                                MatchResult.of(ThreadLocalRandom.current().nextInt(10) < 6))
                        .willReturn(gatewayPage(500)));

        Map<String, Object> run = run(feedOf(40));

        assertThat(run).containsEntry("status", "incomplete").containsEntry("dead", 0L);
        assertThat(run.get("reason").toString()).startsWith("netsuite has ").contains("for more than 5 s");
    }

    @Test
    void recordsThatAlwaysFailAreExhaustedHoweverManyTheyAre() throws Exception {
        apis.netsuite().stubFor(anyContract().willReturn(record(20)));
        apis.netsuite().stubFor(contractLike("C-[0-9]*[05]").willReturn(gatewayPage(503)));
        int bad = 60;

        Map<String, Object> run = run(feedOf(5 * bad));

        assertThat(run)
                .containsEntry("status", "complete")
                .containsEntry("loaded", 4L * bad)
                .containsEntry("dead", (long) bad);
        // One more where a probe found the API unavailable in between.
        assertThat(
                        query(
                                "SELECT reason, min(attempts) AS least, max(attempts) <= 5 AS few FROM dead_letter GROUP BY reason"))
                .containsExactly(Map.of("reason", "exhausted", "least", 4, "few", true));
        assertThat(apis.netsuiteCalls()).isLessThan(4 * bad + 7 * bad);
        assertThat(query("SELECT * FROM run_advice")).isEmpty();
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                        Arguments.of(netsuiteError(429, "", "Too many."), 8),
                        Arguments.of(netsuiteError(429, "", "Too many.").withHeader("Retry-After", "60"), 8),
                        Arguments.of(netsuiteError(400, "CONCURRENCY_LIMIT_EXCEEDED", "Too many."), 8),
                        Arguments.of(gatewayPage(503).withHeader("Retry-After", "60"), 8),
                        // Each is made once more on a new connection.
                        Arguments.of(aResponse().withFault(Fault.EMPTY_RESPONSE), 16))
                .flatMap(refusal -> Stream.of("C-1", "C-40")
                        .map(record -> Arguments.of(record, refusal.get()[0], refusal.get()[1])));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void recordThatAloneIsRefusedIsExhausted(String id, ResponseDefinitionBuilder refusal, int mostCalls)
            throws Exception {
        apis.netsuite().stubFor(anyContract().willReturn(record(50)));
        apis.netsuite().stubFor(contract(id).willReturn(refusal));

        assertThat(run(feedOf(150)))
                .containsEntry("status", "complete")
                .containsEntry("loaded", 149L)
                .containsEntry("dead", 1L);

        assertThat(query("SELECT contract_id, reason FROM dead_letter"))
                .containsExactly(Map.of("contract_id", id, "reason", "exhausted"));
        assertThat(apis.netsuiteCalls(id)).isLessThanOrEqualTo(mostCalls);
        long pauses = context.getRegistry()
                .lookupByNameAndType("netsuite", ApiLimits.class)
                .status()
                .getPauses();
        assertThat(pauses).as("pauses of all calls").isLessThanOrEqualTo(3);
        assertThat(query("SELECT * FROM run_advice")).isEmpty();
    }

    @Test
    void lastRecordThatIsRefusedIsComparedWithOneThatIsKnown() throws Exception {
        run(feed("yesterday.csv", "contract_id,customer_id\nC-8,K-8\n"));
        apis.netsuite()
                .stubFor(contract("C-1")
                        .willReturn(netsuiteError(429, "", "Too many.").withHeader("Retry-After", "60")));

        assertThat(run(feedOf(1))).containsEntry("status", "complete").containsEntry("dead", 1L);

        assertThat(apis.netsuiteCalls("C-1")).isLessThanOrEqualTo(8);
    }
}
