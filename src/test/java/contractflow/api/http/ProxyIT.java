package contractflow.api.http;

import static contractflow.support.FakeApis.anyContractWith;
import static contractflow.support.FakeApis.record;
import static org.assertj.core.api.Assertions.assertThat;

import contractflow.report.ExitCode;
import contractflow.support.ChildProcess;
import contractflow.support.ContractFlowTest;
import contractflow.support.FakeApis;
import contractflow.support.ForwardProxy;
import contractflow.support.ProcessTest;
import contractflow.support.TestKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process finds the way out that its environment or its settings name, says so once, and shows its password nowhere. */
@Tag("slow")
class ProxyIT extends ProcessTest {

    private static final String NETSUITE = "netsuite.example";
    private static final String USER = "marked-user";
    private static final String PASSWORD = "marked:pass/word";
    private static final String PASSWORD_IN_A_URL = "marked%3Apass%2Fword";

    @TempDir
    private Path files;

    private FakeApis secured;
    private ForwardProxy proxy;

    @BeforeEach
    void putNetSuiteBehindAProxy() throws Exception {
        TestKeys.Ca ca = new TestKeys.Ca();
        secured = new FakeApis(ContractFlowTest.tlsServer(ca.server(files.resolve("server.p12"), NETSUITE)));
        secured.giveNetsuiteTokens();
        secured.netsuite().stubFor(anyContractWith("token-1").willReturn(record(0)));
        proxy = new ForwardProxy(Map.of(
                        NETSUITE,
                        secured.netsuite().httpsPort(),
                        "usage.example",
                        apis.usage().port()))
                .demand(USER, PASSWORD);
        environment.put("TLS_CA_FILE", file("ca.pem", TestKeys.pem(ca.certificate())));
        environment.put("NETSUITE_BASE_URL", "https://" + NETSUITE + "/ ");
        environment.remove("NETSUITE_TOKEN");
        environment.put("NETSUITE_OAUTH_CLIENT_ID", "client-1 ");
        environment.put("NETSUITE_OAUTH_CERTIFICATE_ID", "certificate-1");
        environment.put(
                "NETSUITE_OAUTH_PRIVATE_KEY_FILE", file("key.pem", TestKeys.pem(TestKeys.ec("secp256r1"))) + " ");
        environment.put("NETSUITE_CONCURRENCY", "15\t");
    }

    @AfterEach
    void stop() throws Exception {
        secured.stop();
        proxy.close();
    }

    @Test
    void proxyOfTheEnvironmentIsUsedForAllButWhatNoProxyNames() throws Exception {
        environment.put("LOG_LEVEL", "DEBUG");
        environment.put("HTTPS_PROXY", "http://" + USER + ":" + PASSWORD_IN_A_URL + "@127.0.0.1:" + proxy.port() + "/");
        environment.put("http_proxy", "http://127.0.0.1:1");
        environment.put("NO_PROXY", "localhost,127.0.0.0/8");

        try (ChildProcess process = start("run", feedOf(4))) {
            assertThat(process.exitCode()).as(process.output()).isZero();
            assertThat(process.output())
                    .containsOnlyOnce("netsuite through the proxy http://***@127.0.0.1:" + proxy.port()
                            + " of HTTPS_PROXY, usage directly")
                    .doesNotContain("marked");
            process.assertFitToRead();
        }
        assertThat(proxy.requests()).isNotEmpty().containsOnly("CONNECT " + NETSUITE + ":443");
        assertThat(secured.netsuiteTokenCalls())
                .as("the token was asked for there, too")
                .isOne();
    }

    @Test
    void proxyOfTheSettingsIsUsedForEverythingAndItsFaultsAreNamed() throws Exception {
        Files.writeString(
                folder.resolve("application.properties"),
                "http.proxy=http://" + USER + "@127.0.0.1:" + proxy.port() + "\n");
        environment.put("HTTP_PROXY", "http://127.0.0.1:1");
        environment.put("HTTP_PROXY_PASSWORD_FILE", file("password", PASSWORD + "\n"));
        environment.put("USAGE_BASE_URL", "http://usage.example");

        try (ChildProcess process = start("check", feedOf(2))) {
            assertThat(process.exitCode()).as(process.output()).isZero();
            assertThat(process.output())
                    .containsOnlyOnce("netsuite and usage through the proxy http://***@127.0.0.1:" + proxy.port()
                            + " of http.proxy")
                    .doesNotContain("marked");
        }
        assertThat(proxy.requests()).anyMatch(request -> request.startsWith("GET http://usage.example/"));

        proxy.demand(USER, "another one");
        try (ChildProcess process = start("run", feedOf(2))) {
            assertThat(process.exitCode()).as(process.output()).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(process.output())
                    .containsPattern("contractflow: the proxy \\S+ of http.proxy answered 407")
                    .doesNotContain("marked");
            process.assertFitToRead();
        }

        proxy.close();
        try (ChildProcess process = start("check", feedOf(2))) {
            assertThat(process.exitCode()).as(process.output()).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(process.output())
                    .containsPattern(
                            "problem +netsuite .*the proxy \\S+ of http.proxy cannot be reached: .*; see http.proxy")
                    .doesNotContain("marked");
        }
    }

    private String file(String name, String content) throws Exception {
        return Files.writeString(files.resolve(name), content).toString();
    }
}
