package contractflow.report;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static contractflow.support.FakeApis.contract;
import static contractflow.support.FakeApis.netsuiteError;
import static contractflow.support.FakeApis.usageProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import contractflow.contract.Json;
import contractflow.failure.SetupException;
import contractflow.observe.RunState;
import contractflow.support.CapturedLog;
import contractflow.support.ContractFlowTest;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A run that did not go well is said to a receiver, whatever the receiver does. */
class AlertTest extends ContractFlowTest {

    private interface Answer {
        void to(HttpExchange call) throws IOException;
    }

    private record Call(String method, String uri, String contentType, String body) {}

    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile Answer answer = call -> call.sendResponseHeaders(200, -1);
    private HttpServer receiver;

    @Override
    protected Map<String, String> settings() throws Exception {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        receiver.setExecutor(Executors.newCachedThreadPool());
        receiver.createContext("/", this::receive);
        receiver.start();
        String url = "http://127.0.0.1:" + receiver.getAddress().getPort();
        return Map.of(
                "alert.url", url + "/hook/T0/abc?sig=a%2Fb&v=1",
                "alert.heartbeat-url", url + "/ping",
                "server.names", "flow.example.com, other",
                "run.max-dead-percent", "100",
                "api.max-wait", "20s");
    }

    @AfterEach
    void stopReceiver() {
        released.countDown();
        receiver.stop(0);
    }

    private void receive(HttpExchange call) throws IOException {
        String body = new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        calls.add(new Call(
                call.getRequestMethod(),
                call.getRequestURI().toString(),
                call.getRequestHeaders().getFirst("Content-Type"),
                body));
        answer.to(call);
        call.close();
    }

    private JsonNode alert() throws IOException {
        await().until(() -> calls.stream().anyMatch(call -> call.method.equals("POST")));
        Call post = calls.stream()
                .filter(call -> call.method.equals("POST"))
                .findFirst()
                .orElseThrow();
        assertThat(post.uri).isEqualTo("/hook/T0/abc?sig=a%2Fb&v=1");
        assertThat(post.contentType).startsWith("application/json");
        return Json.exact().readTree(post.body);
    }

    @Test
    void runThatGoesWell_isAHeartbeatAlone() throws Exception {
        run(feedOf(3));

        await().until(() -> !calls.isEmpty());
        assertThat(calls)
                .singleElement()
                .satisfies(call -> assertThat(call)
                        .returns("GET", Call::method)
                        .returns("/ping", Call::uri)
                        .returns("", Call::body));
    }

    @Test
    void runWithDeadLetters_isAnAlertWithItsNumbersAndNoRecord() throws Exception {
        apis.netsuite()
                .stubFor(contract("C-2").willReturn(netsuiteError(404, "NONEXISTENT_ID", "Acme's contract is gone")));

        run(feedOf(3));

        JsonNode alert = alert();
        assertThat(alert.toString()).doesNotContain("Acme").doesNotContain("secret");
        assertThat(alert.get("event").asText()).isEqualTo("run-ended");
        assertThat(alert.get("run").asLong()).isEqualTo(1);
        assertThat(alert.get("feed").asText()).isEqualTo("contracts.csv");
        assertThat(alert.get("status").asText()).isEqualTo("complete");
        assertThat(alert.get("exit_code").asInt()).isEqualTo(2);
        assertThat(alert.get("link").asText()).isEqualTo("https://flow.example.com/");
        assertThat(alert.at("/counts/rows").asLong()).isEqualTo(3);
        assertThat(alert.at("/counts/loaded").asLong()).isEqualTo(2);
        assertThat(alert.at("/counts/dead").asLong()).isEqualTo(1);
        assertThat(alert.get("dead_letters").toString())
                .isEqualTo("[{\"stage\":\"netsuite\",\"reason\":\"404 NONEXISTENT_ID\",\"count\":1}]");
        assertThat(alert.get("text").asText())
                .isEqualTo("Run 1 of contracts.csv is complete; of 3 rows, 1 are dead letters and 0 are pending.");
        // It is complete, so the monitor hears of it as well.
        await().until(() -> calls.stream().anyMatch(call -> call.uri.equals("/ping")));
    }

    @Test
    void runThatWillMissItsDeadline_isOneAlert() throws Exception {
        RunState early = state(1, false, null);
        RunState late = state(1, true, null);
        RunState stopping = state(2, true, "the deadline");

        for (RunState state : List.of(early, stopping, late, late)) {
            template.sendBody("direct:alert-of-late-run", state);
        }
        // Alerts are sent one after another, so one of the second run would be there before that of the third.
        template.sendBody("direct:alert-of-late-run", state(3, true, null));

        await().until(() -> calls.size() == 2);
        JsonNode alert = alert();
        assertThat(alert.get("event").asText()).isEqualTo("run-late");
        assertThat(alert.get("run").asLong()).isEqualTo(1);
        assertThat(alert.get("deadline").asText()).isEqualTo("2026-11-27T06:00:00Z");
        assertThat(alert.at("/counts/pending").asLong()).isEqualTo(75);
        assertThat(alert.get("text").asText())
                .isEqualTo(
                        "Run 1 of contracts.csv will miss its deadline of 2026-11-27T06:00:00Z: 75 of 100 rows are left.");
        assertThat(calls.get(1).body).contains("\"run\":3");
    }

    private static RunState state(long run, boolean late, String stopping) {
        return new RunState(
                run,
                "contracts.csv",
                "2026-10",
                100,
                25,
                0,
                5.0,
                5.0,
                15L,
                "2026-11-27T06:00:00Z",
                late,
                stopping,
                null,
                List.of());
    }

    @Test
    void fetchThatFailed_isAnAlertWithoutWhatTheApiSaid() throws Exception {
        template.send(
                "direct:alert-of-failed-fetch",
                exchange -> exchange.setProperty(
                        Exchange.EXCEPTION_CAUGHT,
                        new SetupException("netsuite answered 401 {\"token\": \"abc\"}; see netsuite.token")));

        JsonNode alert = alert();
        assertThat(alert.get("event").asText()).isEqualTo("fetch-failed");
        assertThat(alert.get("text").asText()).isEqualTo("No feed was fetched: netsuite answered 401…");
        assertThat(alert.toString()).doesNotContain("abc");
    }

    @Test
    void fetchThatWasMissed_isAnAlertWithItsTime() throws Exception {
        template.send(
                "direct:alert-of-missed-fetch", exchange -> exchange.setVariable("missed", "2026-11-27T02:00:00Z"));

        JsonNode alert = alert();
        assertThat(alert.get("event").asText()).isEqualTo("fetch-missed");
        assertThat(alert.get("time").asText()).isEqualTo("2026-11-27T02:00:00Z");
        assertThat(alert.get("text").asText())
                .isEqualTo("The fetch of 2026-11-27T02:00:00Z was missed; `contractflow fetch` makes up for it.");
    }

    @Test
    void runThatIsIncomplete_isAnAlertWithItsReasonAndNoHeartbeat() throws Exception {
        apis.usage().stubFor(any(anyUrl()).atPriority(1).willReturn(usageProblem(401, "unknown token")));

        run(feedOf(3));

        JsonNode alert = alert();
        assertThat(alert.get("exit_code").asInt()).isEqualTo(3);
        assertThat(alert.get("reason").asText()).contains("usage answered 401");
        assertThat(alert.get("text").asText()).startsWith("Run 1 of contracts.csv is incomplete: usage answered 401");
        assertThat(calls).extracting(Call::method).containsOnly("POST");
    }

    @Test
    void feedThatCannotBeRead_isAnAlert() throws Exception {
        assertThatThrownBy(() -> run(feed("contracts.csv", "contract,customer\nC-1,K-1\n")))
                .isNotNull();

        JsonNode alert = alert();
        assertThat(alert.get("event").asText()).isEqualTo("run-failed");
        assertThat(alert.get("feed").asText()).isEqualTo("contracts.csv");
        assertThat(alert.get("text").asText()).startsWith("The run of contracts.csv has ended early: ");
    }

    @Test
    void receiverThatHangs_delaysNoRun() throws Exception {
        answer = call -> hang(released);
        apis.netsuite().stubFor(contract("C-2").willReturn(netsuiteError(404, "NONEXISTENT_ID", "gone")));

        assertThat(run(feedOf(3))).containsEntry("status", "complete");
        await().until(() -> !calls.isEmpty());
        assertThat(run(feed("other.csv", "contract_id,customer_id\nC-1,K-1\n"))).containsEntry("status", "complete");

        assertThat(released.getCount()).isOne();
    }

    private static void hang(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void receiverThatFails_isAskedAFewTimes() throws Exception {
        answer = call -> call.sendResponseHeaders(calls.size() <= 2 ? 500 : 204, -1);
        apis.usage().stubFor(any(anyUrl()).atPriority(1).willReturn(usageProblem(401, "unknown token")));

        run(feedOf(3));

        await().until(() -> calls.size() == 3);
        assertThat(calls).extracting(Call::body).allMatch(body -> body.equals(calls.get(0).body));
    }

    @Test
    void receiverThatAlwaysRefuses_isSaidWithoutItsAddress() throws Exception {
        answer = call -> {
            call.getResponseHeaders().set("Location", "http://127.0.0.1:1/elsewhere");
            call.sendResponseHeaders(302, -1);
        };
        apis.usage().stubFor(any(anyUrl()).atPriority(1).willReturn(usageProblem(401, "unknown token")));

        try (CapturedLog log = CapturedLog.listen()) {
            run(feedOf(3));
            await().until(() -> log.lines().toString().contains("No alert was delivered: the receiver answered 302"));
            assertThat(log.lines().toString()).doesNotContain("/hook");
        }
        assertThat(calls).hasSize(4);
    }

    @Test
    void receiverThatAnswersWithoutEnd_isNotRead() throws Exception {
        answer = call -> {
            call.sendResponseHeaders(200, 0);
            OutputStream body = call.getResponseBody();
            byte[] piece = new byte[1024 * 1024];
            for (int i = 0; i < 100; i++) {
                body.write(piece);
            }
        };
        apis.usage().stubFor(any(anyUrl()).atPriority(1).willReturn(usageProblem(401, "unknown token")));

        run(feedOf(3));
        run(feed("other.csv", "contract_id,customer_id\nC-1,K-1\n"));

        // Each alert is sent once.
        await().until(() -> calls.size() == 2);
        assertThat(calls).extracting(Call::body).anyMatch(body -> body.contains("\"run\":2"));
    }
}
