package contractflow.api.oauth;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static contractflow.support.FakeApis.anyContract;
import static contractflow.support.FakeApis.anyContractWith;
import static contractflow.support.FakeApis.anyCustomer;
import static contractflow.support.FakeApis.json;
import static contractflow.support.FakeApis.netsuiteError;
import static contractflow.support.FakeApis.netsuiteTokenRequest;
import static contractflow.support.FakeApis.record;
import static contractflow.support.FakeApis.report;
import static contractflow.support.FakeApis.token;
import static contractflow.support.FakeApis.usageTokenRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import contractflow.api.limits.ApiLimits;
import contractflow.failure.api.TokenUnavailable;
import contractflow.failure.api.Unauthorized;
import contractflow.support.ContractFlowTest;
import contractflow.support.TestKeys;
import contractflow.support.TurnableClock;
import java.nio.file.Files;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.camel.support.DefaultExchange;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One access token for all calls, fetched and replaced in time; a token endpoint fails as an API does. */
@Tag("slow")
class CredentialsTest extends ContractFlowTest {

    private static final String CLIENT_SECRET = "secret with spaces & more";

    private final TurnableClock clock = new TurnableClock();
    private KeyPair keys;

    @Override
    protected Map<String, String> settings() throws Exception {
        keys = TestKeys.ec("secp256r1");
        Map<String, String> settings = new HashMap<>();
        settings.put("netsuite.token", "");
        settings.put("netsuite.oauth.client-id", "client-1");
        settings.put("netsuite.oauth.certificate-id", "certificate-1");
        settings.put(
                "netsuite.oauth.private-key-file",
                Files.writeString(folder.resolve("key.pem"), TestKeys.pem(keys)).toString());
        settings.put("netsuite.timeout", "2s");
        settings.put("usage.token", "");
        settings.put("usage.oauth.client-id", "client:2");
        settings.put(
                "usage.oauth.client-secret-file",
                Files.writeString(folder.resolve("client-secret"), CLIENT_SECRET + "\n")
                        .toString());
        settings.put("usage.oauth.scope", "meters:read");
        settings.put("usage.oauth.token-url", apis.usageTokenUrl());
        settings.put("api.max-attempts", "2");
        settings.put("api.max-wait", "5s");
        return settings;
    }

    @Override
    protected void setupResources() throws Exception {
        apis.giveNetsuiteTokens();
        apis.netsuite()
                .stubFor(anyContract()
                        .atPriority(6)
                        .willReturn(netsuiteError(401, "INVALID_LOGIN", "Invalid login attempt.")));
        apis.usage()
                .stubFor(
                        usageTokenRequest().willReturn(json("{\"access_token\":\"usage-token\",\"expires_in\":3600}")));
        apis.usage()
                .stubFor(anyCustomer()
                        .withHeader("Authorization", equalTo("Bearer usage-token"))
                        .willReturn(report(0)));
    }

    @Test
    void tokenThatNothingFetchesIsMissedByItsKey() {
        Credentials billing = new Credentials();
        billing.setApi("billing");

        assertThatThrownBy(billing::obtain)
                .isInstanceOf(Unauthorized.class)
                .hasMessage("billing.token is missing: set it in application.properties or as BILLING_TOKEN");
    }

    @Test
    void bothApisAreShownTokensThatWereFetchedOnce() throws Exception {
        apis.netsuite().stubFor(anyContractWith("token-1").willReturn(record(0)));

        assertThat(run(feedOf(40))).containsEntry("status", "complete").containsEntry("loaded", 40L);

        assertThat(apis.netsuiteTokenCalls()).isEqualTo(1);
        String form = tokenRequests(apis.netsuite(), "/services/rest/auth/oauth2/v1/token")
                .get(0)
                .getBodyAsString();
        assertThat(form)
                .startsWith(
                        "grant_type=client_credentials"
                                + "&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=");
        new JwtConsumerBuilder()
                .setVerificationKey(keys.getPublic())
                .setExpectedIssuer("client-1")
                .setExpectedAudience(apis.netsuite().baseUrl() + "/services/rest/auth/oauth2/v1/token")
                .build()
                .process(form.substring(form.lastIndexOf('=') + 1));
        assertThat(tokenRequests(apis.usage(), "/oauth2/token")).singleElement().satisfies(request -> {
            assertThat(request.getHeader("Content-Type")).startsWith("application/x-www-form-urlencoded");
            assertThat(request.getBodyAsString()).isEqualTo("grant_type=client_credentials&scope=meters%3Aread");
            // client%3A2:secret+with+spaces+%26+more
            assertThat(request.getHeader("Authorization"))
                    .isEqualTo("Basic Y2xpZW50JTNBMjpzZWNyZXQrd2l0aCtzcGFjZXMrJTI2K21vcmU=");
        });
    }

    @Test
    void oneTokenIsFetchedHoweverManyNeedIt() throws Exception {
        apis.netsuite()
                .stubFor(netsuiteTokenRequest()
                        .atPriority(1)
                        .willReturn(token("token-of-all").withFixedDelay(500)));

        for (Future<String> shown : hundredAtOnce()) {
            assertThat(shown.get()).isEqualTo("Bearer token-of-all");
        }

        assertThat(apis.netsuiteTokenCalls()).isEqualTo(1);
    }

    @Test
    void whoeverComesJustAfterTheNewTokenGetsThatOne() throws Exception {
        AccessToken first = credentials().replace(null);

        assertThat(credentials().replace(null))
                .as("for one that still saw none")
                .isSameAs(first);
        assertThat(apis.netsuiteTokenCalls()).isEqualTo(1);
    }

    @Test
    void failureToFetchIsSharedAsWell() throws Exception {
        apis.netsuite()
                .stubFor(netsuiteTokenRequest()
                        .atPriority(1)
                        .willReturn(aResponse().withStatus(503).withFixedDelay(1000)));

        for (Future<String> shown : hundredAtOnce()) {
            assertThatThrownBy(shown::get).hasCauseInstanceOf(TokenUnavailable.class);
        }

        assertThat(apis.netsuiteTokenCalls())
                .as("one, unless a thread was late")
                .isLessThan(5);
    }

    private List<Future<String>> hundredAtOnce() {
        int callers = 100;
        CountDownLatch all = new CountDownLatch(callers);
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        List<Future<String>> shown = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            shown.add(threads.submit(() -> {
                all.countDown();
                all.await();
                return authorization();
            }));
        }
        threads.shutdown();
        return shown;
    }

    @Test
    void tokenIsRenewedAheadWhileTheOldOneServes() throws Exception {
        credentials().setClock(clock);
        assertThat(authorization()).isEqualTo("Bearer token-1");
        clock.turn(Duration.ofMinutes(54));
        assertThat(authorization()).isEqualTo("Bearer token-1");
        apis.netsuite()
                .stubFor(netsuiteTokenRequest()
                        .atPriority(1)
                        .willReturn(token("token-next").withFixedDelay(500)));
        clock.turn(Duration.ofMinutes(1));

        for (int i = 0; i < 100; i++) {
            assertThat(authorization()).as("while the new one is on its way").isEqualTo("Bearer token-1");
        }
        await().until(() -> authorization().equals("Bearer token-next"));

        assertThat(apis.netsuiteTokenCalls()).isEqualTo(2);
    }

    @Test
    void renewalThatFailsIsTriedAgainWhileTheOldOneServes() throws Exception {
        credentials().setClock(clock);
        authorization();
        apis.netsuite()
                .stubFor(netsuiteTokenRequest()
                        .atPriority(1)
                        .willReturn(aResponse().withStatus(503)));
        clock.turn(Duration.ofMinutes(56));
        assertThat(authorization()).isEqualTo("Bearer token-1");
        await().until(() -> apis.netsuiteTokenCalls() == 2 && !isRenewing());
        assertThat(authorization()).as("not at every call").isEqualTo("Bearer token-1");
        assertThat(isRenewing()).isFalse();
        apis.netsuite().stubFor(netsuiteTokenRequest().atPriority(1).willReturn(token("token-next")));
        clock.turn(Duration.ofMinutes(1));

        await().until(() -> authorization().equals("Bearer token-next"));

        assertThat(apis.netsuiteTokenCalls()).isEqualTo(3);
    }

    @Test
    void tokenThatHasEndedIsNotShown() throws Exception {
        credentials().setClock(clock);
        authorization();
        clock.turn(Duration.ofHours(1));

        assertThat(authorization()).isEqualTo("Bearer token-2");
    }

    @Test
    void tokenThatIsRefusedInMidRunIsReplacedOnce() throws Exception {
        apis.netsuite().stubFor(anyContractWith("token-1").willReturn(record(100)));
        apis.netsuite().stubFor(anyContractWith("token-2").willReturn(record(100)));
        CompletableFuture<Map<String, Object>> run = runInBackground(feedOf(200));
        await().until(() -> apis.netsuiteCalls() > 50);
        apis.netsuite()
                .stubFor(anyContractWith("token-1")
                        .atPriority(1)
                        .willReturn(netsuiteError(401, "INVALID_LOGIN", "Invalid.")));

        assertThat(run.get())
                .containsEntry("status", "complete")
                .containsEntry("loaded", 200L)
                .containsEntry("dead", 0L);

        assertThat(apis.netsuiteTokenCalls()).isEqualTo(2);
    }

    @Test
    void newTokenThatIsRefusedAsWellStopsTheRun() throws Exception {
        Map<String, Object> run = run(feedOf(100));

        assertThat(run)
                .containsEntry("status", "incomplete")
                .containsEntry("pending", 100L)
                .containsEntry("dead", 0L);
        assertThat(run.get("reason").toString()).startsWith("netsuite answered 401 INVALID_LOGIN");
        assertThat(apis.netsuiteTokenCalls()).isEqualTo(2);
        assertThat(apis.netsuiteCalls()).as("two tokens, two contracts").isEqualTo(4);
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of(json("{\"error\":\"invalid_client\"}").withStatus(400), "400 invalid_client"),
                Arguments.of(
                        json("{\"error\":\"invalid_client\",\"error_description\":\"who?\"}")
                                .withStatus(401),
                        "invalid_client: who?"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refusalToGiveOutATokenStopsTheRunAndSaysWhatToCheck(ResponseDefinitionBuilder refusal, String said)
            throws Exception {
        apis.netsuite().stubFor(netsuiteTokenRequest().atPriority(1).willReturn(refusal));

        Map<String, Object> run = run(feedOf(100));

        assertThat(run)
                .containsEntry("status", "incomplete")
                .containsEntry("pending", 100L)
                .containsEntry("dead", 0L);
        assertThat(run.get("reason").toString())
                .startsWith("netsuite's token endpoint answered 40")
                .contains(said)
                .contains("netsuite.oauth.certificate-id")
                .contains("expired");
        assertThat(apis.netsuiteCalls())
                .as("nothing but the one request for a token")
                .isEqualTo(1);
    }

    @Test
    void keyThatIsGoneInMidRunStopsTheRun() throws Exception {
        Files.delete(folder.resolve("key.pem"));

        assertThat(run(feedOf(3)))
                .containsEntry("status", "incomplete")
                .containsEntry("pending", 3L)
                .containsEntry("reason", "netsuite.oauth.private-key-file: there is no such file");
    }

    static Stream<ResponseDefinitionBuilder> absences() {
        return Stream.of(
                aResponse().withStatus(503),
                aResponse().withBody("<html>maintenance</html>"),
                json("[]"),
                json("{\"access_token\":\"\"}"),
                aResponse().withStatus(302).withHeader("Location", "/elsewhere"),
                aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER),
                token("token-1").withFixedDelay(2500),
                aResponse().withStatus(404).withBody("<html>not here</html>"),
                aResponse().withStatus(403).withBody("<html>the firewall says no</html>"),
                json("{\"message\":\"no Route matched\"}").withStatus(404),
                aResponse().withStatus(429));
    }

    @ParameterizedTest
    @MethodSource("absences")
    void tokenEndpointThatIsUnavailable_isWaitedFor(ResponseDefinitionBuilder absence) throws Exception {
        apis.netsuite().stubFor(netsuiteTokenRequest().atPriority(1).willReturn(absence));
        apis.netsuite().stubFor(anyContractWith("token-1").willReturn(record(0)));
        CompletableFuture<Map<String, Object>> run = runInBackground(feedOf(3));
        await().until(() -> apis.netsuiteTokenCalls() >= 2);
        apis.netsuite().stubFor(netsuiteTokenRequest().atPriority(1).willReturn(token("token-1")));

        assertThat(run.get())
                .containsEntry("status", "complete")
                .containsEntry("loaded", 3L)
                .containsEntry("dead", 0L);

        assertThat(apis.netsuite()
                        .countRequestsMatching(
                                anyRequestedFor(urlPathEqualTo("/elsewhere")).build())
                        .getCount())
                .as("redirects that were followed")
                .isZero();
    }

    static Stream<ResponseDefinitionBuilder> pages() {
        return Stream.of(
                aResponse().withBody("<html>Welcome</html>").withHeader("Content-Type", "text/html"),
                aResponse().withStatus(404).withBody("<html>not here</html>"));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void urlThatIsNoTokenEndpointsIsNamedAfterAHandfulOfCalls(ResponseDefinitionBuilder page) throws Exception {
        apis.netsuite().stubFor(netsuiteTokenRequest().atPriority(1).willReturn(page));
        context.getRegistry().lookupByNameAndType("netsuite", ApiLimits.class).setMaxWait("5m");

        Map<String, Object> run = run(feedOf(3));

        assertThat(run)
                .containsEntry("status", "incomplete")
                .containsEntry("pending", 3L)
                .containsEntry("dead", 0L);
        assertThat(run.get("reason").toString())
                .matches(
                        "netsuite's token endpoint answered (200 without a JSON object|404: <html>not here</html>); check"
                                + " netsuite\\.oauth\\.token-url, since nothing there has ever answered as a token endpoint does");
        assertThat(apis.netsuiteTokenCalls()).isEqualTo(4);
    }

    @Test
    void pageInTheMiddleOfAGoodNightIsWaitedFor() throws Exception {
        credentials().setClock(clock);
        assertThat(authorization()).isEqualTo("Bearer token-1");
        apis.netsuite()
                .stubFor(netsuiteTokenRequest()
                        .atPriority(1)
                        .willReturn(aResponse().withStatus(404).withBody("<html>not here</html>")));
        clock.turn(Duration.ofHours(2));

        for (int i = 0; i < 8; i++) {
            assertThatThrownBy(this::authorization)
                    .isInstanceOf(TokenUnavailable.class)
                    .hasMessage("netsuite's token endpoint answered 404: <html>not here</html>");
        }
        assertThat(apis.netsuiteTokenCalls()).isEqualTo(9);
    }

    @Test
    void tokenEndpointThatStaysUnavailable_leavesEverythingPending() throws Exception {
        apis.netsuite()
                .stubFor(netsuiteTokenRequest()
                        .atPriority(1)
                        .willReturn(aResponse().withStatus(503)));

        Map<String, Object> run = run(feedOf(20));

        assertThat(run)
                .containsEntry("status", "incomplete")
                .containsEntry("pending", 20L)
                .containsEntry("dead", 0L);
        assertThat(run.get("reason"))
                .isEqualTo("netsuite has been unavailable for more than 5 s: netsuite's token endpoint answered 503");
    }

    @Test
    void tokenThatIsUnavailable_isNoDeadLetterWhileOthersAreAnswered() throws Exception {
        credentials().setClock(clock);
        apis.netsuite().stubFor(anyContractWith("token-1").willReturn(record(0).withUniformRandomDelay(300, 1800)));
        apis.netsuite().stubFor(anyContractWith("token-2").willReturn(record(0)));
        CompletableFuture<Map<String, Object>> run = runInBackground(feedOf(60));
        await().until(() -> apis.netsuiteCalls() > 20);
        apis.netsuite()
                .stubFor(netsuiteTokenRequest()
                        .atPriority(1)
                        .willReturn(aResponse().withStatus(503).withFixedDelay(300)));
        clock.turn(Duration.ofHours(1));
        int before = apis.netsuiteTokenCalls();
        await().until(() -> apis.netsuiteTokenCalls() > before + 3);
        apis.netsuite().stubFor(netsuiteTokenRequest().atPriority(1).willReturn(token("token-2")));

        assertThat(run.get())
                .containsEntry("status", "complete")
                .containsEntry("loaded", 60L)
                .containsEntry("dead", 0L);
    }

    private Credentials credentials() {
        return context.getRegistry().lookupByNameAndType("netsuiteCredentials", Credentials.class);
    }

    private String authorization() throws InterruptedException {
        return credentials().authorization(new DefaultExchange(context));
    }

    private static boolean isRenewing() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("renew-netsuite-token"));
    }

    private static List<LoggedRequest> tokenRequests(WireMockServer server, String path) {
        return server.findAll(postRequestedFor(urlPathEqualTo(path)));
    }
}
