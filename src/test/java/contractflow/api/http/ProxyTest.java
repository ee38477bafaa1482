package contractflow.api.http;

import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import contractflow.support.ContractFlowTest;
import contractflow.support.FakeApis;
import contractflow.support.ForwardProxy;
import contractflow.support.TestKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** All calls go through a proxy, encrypted or not, and what is wrong with the proxy is the fault of no record. */
@Tag("slow")
class ProxyTest extends ContractFlowTest {

    private static final String NETSUITE = "netsuite.example";
    private static final String USAGE = "usage.example";
    private static final String USER = "night@example";
    private static final String PASSWORD = "marked: proxy/password";

    private final Map<String, Integer> hosts = new HashMap<>();
    private Path certificates;
    private TestKeys.Ca ca;
    private ForwardProxy proxy;

    @Override
    protected FakeApis createApis() {
        try {
            ca = new TestKeys.Ca();
            certificates = Files.createTempDirectory("certificates");
            return new FakeApis(ContractFlowTest.tlsServer(ca.server(certificates.resolve("server.p12"), NETSUITE)));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    protected Map<String, String> settings() throws Exception {
        hosts.put(NETSUITE, apis.netsuite().httpsPort());
        hosts.put(USAGE, apis.usage().port());
        hosts.put("billing.example", apis.usage().port());
        proxy = new ForwardProxy(hosts).demand(USER, PASSWORD);
        return Map.of(
                "netsuite.base-url",
                "https://" + NETSUITE,
                "usage.base-url",
                "http://" + USAGE + "/",
                "tls.ca-file",
                Files.writeString(certificates.resolve("ca.pem"), TestKeys.pem(ca.certificate()))
                        .toString(),
                "http.proxy",
                "http://night%40example@127.0.0.1:" + proxy.port(),
                "http.proxy-password",
                PASSWORD,
                "api.max-wait",
                "2s");
    }

    @AfterEach
    void stopProxy() throws IOException {
        proxy.close();
        try (Stream<Path> files = Files.list(certificates)) {
            files.forEach(file -> file.toFile().delete());
        }
        Files.delete(certificates);
    }

    @Test
    void everyCallGoesThroughTheProxy() throws Exception {
        apis.usage().stubFor(get(urlEqualTo("/balance")).willReturn(ok("12.50")));

        assertThat(run(feedOf(6))).containsEntry("status", "complete").containsEntry("loaded", 6L);
        assertThat(template.requestBody("http://billing.example/balance", null, String.class))
                .as("an API of one's own")
                .isEqualTo("12.50");

        assertThat(proxy.requests())
                .filteredOn(request -> request.startsWith("CONNECT "))
                .isNotEmpty()
                .containsOnly("CONNECT " + NETSUITE + ":443");
        assertThat(proxy.requests())
                .filteredOn(request -> !request.startsWith("CONNECT "))
                .as("without a request more for being asked for the password")
                .hasSize(6 + 1)
                .allMatch(request -> request.startsWith("GET http://" + USAGE + "/api/v1/")
                        || request.equals("GET http://billing.example/balance"));
        for (WireMockServer server : new WireMockServer[] {apis.netsuite(), apis.usage()}) {
            assertThat(server.findAll(anyRequestedFor(anyUrl())))
                    .allSatisfy(request -> assertThat(request.getAllHeaderKeys())
                            .noneMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("proxy-")));
        }
    }

    @Test
    void credentialsThatTheProxyRefusesStopTheRun() throws Exception {
        proxy.demand(USER, "another one");

        assertStopped("the proxy http://***@127.0.0.1:" + proxy.port() + " of http.proxy answered 407");

        assertThat(proxy.requests()).hasSizeLessThan(5);
    }

    @Test
    void credentialsThatTheProxyRefusesWithoutATunnelStopTheRun() throws Exception {
        proxy.demand(USER, "another one").only("GET");

        assertStopped("the proxy http://***@127.0.0.1:" + proxy.port() + " of http.proxy answered 407");
    }

    @Test
    void proxyThatLetsNothingThroughIsNoFaultOfARecord() throws Exception {
        proxy.refuse("403 Forbidden");

        assertStopped("the proxy http://***@127.0.0.1:" + proxy.port() + " of http.proxy answered 403 to CONNECT "
                + NETSUITE + ":443");
    }

    @Test
    void proxyThatDoesNotKnowTheHostIsNoFaultOfARecord() throws Exception {
        proxy.refuse("404 Not Found");

        assertStopped("answered 404 to CONNECT " + NETSUITE + ":443");
    }

    @Test
    void proxyThatIsDownIsWaitedForAsTheApiBehindItIs() throws Exception {
        int port = proxy.port();
        proxy.close();

        assertStopped("the proxy http://***@127.0.0.1:" + port + " of http.proxy cannot be reached");
    }

    private void assertStopped(String reason) throws Exception {
        Map<String, Object> run = run(feedOf(6));

        assertThat(run)
                .containsEntry("status", "incomplete")
                .containsEntry("dead", 0L)
                .containsEntry("pending", 6L);
        assertThat(run.get("reason").toString())
                .contains(reason)
                .doesNotContain("night")
                .doesNotContain("marked");
    }
}
