package contractflow.api;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static contractflow.support.FakeApis.anyContract;
import static contractflow.support.FakeApis.anyCustomer;
import static contractflow.support.FakeApis.contract;
import static contractflow.support.FakeApis.customer;
import static contractflow.support.FakeApis.gatewayPage;
import static contractflow.support.FakeApis.json;
import static contractflow.support.FakeApis.netsuiteError;
import static contractflow.support.FakeApis.record;
import static contractflow.support.FakeApis.usageProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import contractflow.api.limits.ApiLimits;
import contractflow.support.ContractFlowTest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whether a bad answer is the record's fault or the service's is decided by whether others are answered, whatever the answer is. */
@Tag("slow")
class VerdictTest extends ContractFlowTest {

    @Override
    protected Map<String, String> settings() {
        return Map.of(
                "contract.workers",
                "10",
                "api.max-wait",
                "30s",
                "run.max-dead-percent",
                "100",
                "netsuite.requests-per-second",
                "500");
    }

    @Test
    void answerThatOneRecordAloneGetsIsItsOwnFault() throws Exception {
        Map<String, ResponseDefinitionBuilder> records = Map.of(
                "C-2", netsuiteError(403, "INSUFFICIENT_PERMISSION", "Not for you."),
                "C-3", netsuiteError(401, "INVALID_LOGIN", "Invalid login attempt."),
                "C-4", gatewayPage(404),
                "C-5", json("{\"status\":\"ok\"}"),
                "C-6", netsuiteError(451, "USER_ERROR", "Not in your country."),
                "C-7", aResponse().withStatus(204));
        records.forEach((id, answer) -> apis.netsuite().stubFor(contract(id).willReturn(answer)));
        apis.netsuite()
                .stubFor(contract("C-12")
                        .willReturn(netsuiteError(429, "CONCURRENCY_LIMIT_EXCEEDED", "Too many.")
                                .withHeader("Retry-After", "0.05")));
        Map<String, ResponseDefinitionBuilder> customers = Map.of(
                "K-8", usageProblem(403, "not for you"),
                "K-9", gatewayPage(403),
                "K-10", json("{\"message\":\"no Route matched\"}").withStatus(404),
                "K-11",
                        json("{\"type\":\"x\",\"title\":\"No meter\",\"status\":404}")
                                .withStatus(404));
        customers.forEach((id, answer) -> apis.usage().stubFor(customer(id).willReturn(answer)));

        // There is something to compare with from the first call on.
        run(feed("yesterday.csv", "contract_id,customer_id\nC-70,K-70\nC-71,K-71\n"));
        assertThat(run(feedOf(60)))
                .containsEntry("status", "complete")
                .containsEntry("loaded", 49L)
                .containsEntry("dead", 11L);

        assertThat(query("SELECT contract_id, stage || ' ' || reason AS why FROM dead_letter").stream()
                        .collect(Collectors.toMap(row -> row.get("contract_id"), row -> row.get("why"))))
                .containsOnly(
                        entry("C-2", "netsuite 403 INSUFFICIENT_PERMISSION"),
                        entry("C-3", "netsuite 401 INVALID_LOGIN"),
                        entry("C-4", "netsuite exhausted"),
                        entry("C-5", "netsuite unexpected answer"),
                        entry("C-6", "netsuite 451 USER_ERROR"),
                        entry("C-7", "netsuite exhausted"),
                        entry("C-8", "usage 403"),
                        entry("C-9", "usage exhausted"),
                        entry("C-10", "usage exhausted"),
                        entry("C-11", "usage 404"),
                        entry("C-12", "netsuite exhausted"));
        assertThat(apis.netsuiteCalls("C-2")).isEqualTo(1);
        assertThat(apis.netsuiteCalls("C-3")).isEqualTo(2);
        assertThat(apis.netsuiteCalls("C-4")).isEqualTo(4);
    }

    /** The feed has nothing else to compare it with, but the warehouse has. */
    @Test
    void lastRecordThatIsRefusedIsComparedWithOneThatIsKnown() throws Exception {
        run(feed("yesterday.csv", "contract_id,customer_id\nC-7,K-7\nC-8,K-8\n"));
        apis.netsuite()
                .stubFor(contract("C-1").willReturn(netsuiteError(403, "INSUFFICIENT_PERMISSION", "Not for you.")));

        assertThat(run(feedOf(1))).containsEntry("status", "complete").containsEntry("dead", 1L);
        assertThat(apis.netsuiteCalls())
                .as("two of yesterday, the one of today, and a known one")
                .isEqualTo(4);

        apis.netsuite()
                .stubFor(anyContract().willReturn(netsuiteError(403, "INSUFFICIENT_PERMISSION", "Not for you.")));
        int calls = apis.netsuiteCalls();
        Map<String, Object> run = run(feedOf(40));

        assertThat(run)
                .containsEntry("status", "incomplete")
                .containsEntry("dead", 0L)
                .containsEntry("pending", 40L);
        assertThat(run.get("reason").toString()).startsWith("netsuite answered 403 INSUFFICIENT_PERMISSION");
        assertThat(apis.netsuiteCalls() - calls).isLessThanOrEqualTo(12);
    }

    @Test
    void answerThatEveryRecordGetsForAWhileCostsTime() throws Exception {
        List<ResponseDefinitionBuilder> answers = List.of(
                gatewayPage(403),
                gatewayPage(404),
                json("{\"status\":\"ok\"}"),
                netsuiteError(404, "NONEXISTENT_ID", "The record instance does not exist."));
        apis.netsuite().stubFor(anyContract().willReturn(record(20)));
        CompletableFuture<Map<String, Object>> run = runInBackground(feedOf(1500));
        for (ResponseDefinitionBuilder answer : answers) {
            int before = apis.netsuiteCalls();
            await().until(() -> apis.netsuiteCalls() > before + 50);
            int good = apis.netsuiteCalls();
            apis.netsuite().stubFor(anyContract().willReturn(answer));
            await().until(() -> apis.netsuiteCalls() > good + 12);
            apis.netsuite().stubFor(anyContract().willReturn(record(20)));
        }
        assertThat(run)
                .as("the run has to be longer than what it is tried with")
                .isNotDone();

        assertThat(run.get())
                .containsEntry("status", "complete")
                .containsEntry("loaded", 1500L)
                .containsEntry("dead", 0L);
    }

    static Stream<Arguments> answersToEverything() {
        return Stream.of(
                Arguments.of(
                        "netsuite",
                        anyContract(),
                        netsuiteError(400, "USER_ERROR", "Record type is invalid."),
                        "netsuite.record-type"),
                Arguments.of(
                        "netsuite",
                        anyContract(),
                        netsuiteError(404, "NONEXISTENT_ID", "No such record."),
                        "netsuite.record-type"),
                Arguments.of("usage", anyCustomer(), usageProblem(404, "meter not found"), "usage.meter"));
    }

    @ParameterizedTest
    @MethodSource("answersToEverything")
    void faultThatTheApiFindsWithEveryRecordStopsTheRunAndNamesWhatToLookAt(
            String api, MappingBuilder request, ResponseDefinitionBuilder answer, String setting) throws Exception {
        (api.equals("usage") ? apis.usage() : apis.netsuite()).stubFor(request.willReturn(answer));

        Map<String, Object> run = run(feedOf(100));

        assertThat(run)
                .containsEntry("status", "incomplete")
                .containsEntry("pending", 100L)
                .containsEntry("dead", 0L);
        assertThat(run.get("reason").toString())
                .startsWith("no record is answered: " + api + " answered 40")
                .contains(setting);
        assertThat(api.equals("usage") ? apis.usageCalls() : apis.netsuiteCalls())
                .isLessThanOrEqualTo(12);
    }

    /** With an empty warehouse and a short feed, there is nothing to compare a record with but the others. */
    @Test
    void sameFaultOfEachRecordOfAShortFeedIsTheServices() throws Exception {
        apis.netsuite().stubFor(anyContract().willReturn(netsuiteError(400, "USER_ERROR", "Record type is invalid.")));
        Map<String, Object> run = run(feedOf(3));
        assertThat(run)
                .containsEntry("status", "incomplete")
                .containsEntry("pending", 3L)
                .containsEntry("dead", 0L);
        assertThat(run.get("reason").toString())
                .startsWith("no record is answered: netsuite answered 400 USER_ERROR")
                .contains("netsuite.record-type");

        apis.netsuite().stubFor(anyContract().willReturn(netsuiteError(404, "NONEXISTENT_ID", "No such record.")));
        assertThat(run(feedOf(3)))
                .containsEntry("run_id", 1L)
                .containsEntry("status", "complete")
                .containsEntry("dead", 3L);

        apis.netsuite().stubFor(anyContract().willReturn(netsuiteError(400, "USER_ERROR", "No such id.")));
        assertThat(run(feed("one.csv", "contract_id,customer_id\nX-1,K-1\n")))
                .containsEntry("status", "complete")
                .containsEntry("dead", 1L);
    }

    /** A gateway's own JSON, from the first call on, for longer than a run waits. */
    @Test
    void otherJsonForEveryRecordIsAnApiThatIsUnavailable() throws Exception {
        context.getRegistry().findSingleByType(RecordVerdict.class).setMaxWait("2s");
        for (String gate : List.of("netsuite", "usage")) {
            context.getRegistry().lookupByNameAndType(gate, ApiLimits.class).setMaxWait("2s");
        }
        apis.usage().stubFor(anyCustomer().willReturn(json("[]")));

        Map<String, Object> run = run(feedOf(100));

        assertThat(run)
                .containsEntry("status", "incomplete")
                .containsEntry("pending", 100L)
                .containsEntry("dead", 0L);
        assertThat(run.get("reason").toString()).startsWith("usage has been ");
        assertThat(apis.usageCalls()).isLessThanOrEqualTo(15);
    }
}
