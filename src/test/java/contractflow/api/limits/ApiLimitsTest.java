package contractflow.api.limits;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import contractflow.benchmark.Server;
import contractflow.benchmark.Server.Limits;
import contractflow.support.ContractFlowTest;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** No API is asked faster, or by more calls at once, than the settings say; it is the API that counts, by its own clock. */
class ApiLimitsTest extends ContractFlowTest {

    private static final int CONCURRENCY = 5;
    private static final int PER_SECOND = 20;

    private final Server server = Server.inside();

    @Override
    protected Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        for (String api : new String[] {"netsuite", "usage"}) {
            settings.put(api + ".base-url", server.address());
            settings.put(api + ".concurrency", String.valueOf(CONCURRENCY));
            settings.put(api + ".requests-per-second", String.valueOf(PER_SECOND));
        }
        return settings;
    }

    @AfterEach
    void stopServer() throws Exception {
        server.close();
    }

    @Test
    void noSecondSeesMoreCallsThanTheRateAndOne() throws Exception {
        Limits counted = new Limits(20, 0, 10 * PER_SECOND);
        server.set(counted, counted);

        assertThat(run(feedOf(3 * PER_SECOND)))
                .containsEntry("status", "complete")
                .containsEntry("loaded", 3L * PER_SECOND);

        for (JsonNode api : server.counts()) {
            assertThat(api.get("calls").asInt()).isEqualTo(3 * PER_SECOND);
            assertThat(api.get("mostInOneSecond").asInt()).isBetween(PER_SECOND / 2, PER_SECOND + 1);
        }
    }

    @Test
    void noMoreCallsAreInFlightThanTheConcurrency() throws Exception {
        // Slow enough that the slots are what is short.
        Limits strict = new Limits(400, CONCURRENCY, 0);
        server.set(strict, strict);

        assertThat(run(feedOf(40))).containsEntry("status", "complete").containsEntry("loaded", 40L);

        for (JsonNode api : server.counts()) {
            assertThat(api.get("refused").asInt()).isZero();
            assertThat(api.get("mostInFlight").asInt()).isEqualTo(CONCURRENCY);
        }
        assertThat(query("SELECT * FROM run_advice")).isEmpty();
        assertThat(query("SELECT refused, concurrency_borne, requests_per_second_borne FROM run_api"))
                .hasSize(2)
                .allSatisfy(api -> assertThat(api.values()).containsExactlyInAnyOrder(0L, null, null));
    }
}
