package contractflow.api;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static contractflow.support.FakeApis.anyContract;
import static contractflow.support.FakeApis.netsuiteError;
import static contractflow.support.FakeApis.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import contractflow.api.job.ApiState;
import contractflow.api.job.Job;
import contractflow.api.limits.ApiLimits;
import contractflow.observe.Progress;
import contractflow.support.ContractFlowTest;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A run waits for an API that is unavailable as long as it may, then leaves what is left for the next start. */
@Tag("slow")
class ApiUnavailableTest extends ContractFlowTest {

    @Override
    protected Map<String, String> settings() {
        return Map.of("api.max-wait", "3s", "api.max-attempts", "2");
    }

    static Stream<ResponseDefinitionBuilder> deadServices() {
        return Stream.of(
                aResponse().withStatus(503),
                netsuiteError(500, "UNEXPECTED_ERROR", "An unexpected error occurred."),
                aResponse().withBody("<html>maintenance</html>"),
                aResponse().withFault(Fault.EMPTY_RESPONSE),
                netsuiteError(429, "CONCURRENCY_LIMIT_EXCEEDED", "Too many."));
    }

    @ParameterizedTest
    @MethodSource("deadServices")
    void apiThatIsDownFromTheFirstCallLeavesEverythingPending(ResponseDefinitionBuilder answer) throws Exception {
        apis.netsuite().stubFor(anyContract().willReturn(answer));

        Map<String, Object> run = run(feedOf(3));

        assertThat(run)
                .containsEntry("status", "incomplete")
                .containsEntry("pending", 3L)
                .containsEntry("dead", 0L);
        assertThat(run.get("reason").toString()).startsWith("netsuite has been unavailable for more than 3 s");

        apis.netsuite().stubFor(anyContract().willReturn(record(0)));
        assertThat(run(folder.resolve("contracts.csv")))
                .containsEntry("run_id", run.get("run_id"))
                .containsEntry("status", "complete")
                .containsEntry("loaded", 3L);
    }

    @Test
    void apiThatRefusesAndNamesNoTimeIsLeftAloneForLongerAndLonger() throws Exception {
        apis.netsuite()
                .stubFor(anyContract()
                        .willReturn(netsuiteError(429, "CONCURRENCY_LIMIT_EXCEEDED", "Too many.")
                                .withHeader("Retry-After", "0")));

        assertThat(run(feedOf(3))).containsEntry("status", "incomplete").containsEntry("pending", 3L);

        assertThat(apis.netsuiteCalls()).isLessThan(60);
    }

    @Test
    void apiWithoutAListener_isUnavailable() throws Exception {
        apis.usage().stop();

        assertThat(run(feedOf(3)))
                .containsEntry("status", "incomplete")
                .containsEntry("pending", 3L)
                .containsEntry("dead", 0L);
    }

    /** The breaker has no call any more that could close it, which says nothing of the API. */
    @Test
    void apiIsReportedUnavailableOnlyWhileARunAsksForIt() throws Exception {
        apis.netsuite().stubFor(anyContract().willReturn(netsuiteError(503, "SERVICE_UNAVAILABLE", "Later.")));
        CompletableFuture<Map<String, Object>> run = runInBackground(feedOf(20));

        await().until(() -> breaker("closed") == 0);
        Progress progress = context().getRegistry().findSingleByType(Progress.class);
        assertThat(progress.observe(context()).get(0).apis())
                .extracting(ApiState::inWords)
                .containsExactly("open", "ok");
        assertThat(run.get()).containsEntry("status", "incomplete");

        ApiLimits netsuite = context().getRegistry().lookupByNameAndType("netsuite", ApiLimits.class);
        assertThat(netsuite.isUnavailable())
                .as("its breaker is still not closed")
                .isTrue();
        assertThat(breaker("closed")).isEqualTo(1);
        assertThat(breaker("open") + breaker("half_open")).isZero();
        Job next = new Job() {};
        assertThat(netsuite.status().stateFor(next).inWords())
                .as("for a run that has not asked yet")
                .isEqualTo("ok");
    }

    private double breaker(String state) {
        MeterRegistry meters = context().getRegistry().findSingleByType(MeterRegistry.class);
        return meters.get("contractflow.breaker.state")
                .tags("api", "netsuite", "state", state)
                .gauge()
                .value();
    }
}
