package contractflow.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import contractflow.report.ExitCode;
import contractflow.support.ChildProcess;
import contractflow.support.ContractFlowTest;
import contractflow.support.FakeApis;
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

/** A server is called only where a CA that is trusted has certified its name. */
@Tag("slow")
class TlsIT extends ProcessTest {

    @TempDir
    private Path certificates;

    private TestKeys.Ca ca;
    private FakeApis secured;

    @BeforeEach
    void makeCa() throws Exception {
        ca = new TestKeys.Ca();
        environment.put(
                "TLS_CA_FILE",
                Files.writeString(certificates.resolve("ca.pem"), TestKeys.pem(ca.certificate()))
                        .toString());
    }

    @AfterEach
    void stopSecured() {
        secured.stop();
    }

    @Test
    void serverOfACaOfOnesOwnIsCalledWithItsFile() throws Exception {
        serve("127.0.0.1");

        try (ChildProcess process = start("run", feedOf(5))) {
            assertThat(process.exitCode()).as(process.output()).isZero();
        }
        assertThat(query("SELECT count(*) AS loaded FROM contract_enriched")).containsExactly(Map.of("loaded", 5L));
    }

    @Test
    void withoutTheFileTheRunIsStoppedAtOnce() throws Exception {
        serve("127.0.0.1");
        environment.remove("TLS_CA_FILE");

        assertRefused("unable to find valid certification path");
    }

    @Test
    void serverThatIsCertifiedUnderAnotherNameIsNotCalled() throws Exception {
        serve("netsuite.example");

        assertRefused("127.0.0.1");
    }

    @Test
    void tokenEndpointThatIsNotTrustedStopsTheStart() throws Exception {
        serve("127.0.0.1");
        environment.remove("TLS_CA_FILE");
        environment.remove("NETSUITE_TOKEN");
        environment.put("NETSUITE_OAUTH_CLIENT_ID", "client-1");
        environment.put("NETSUITE_OAUTH_CERTIFICATE_ID", "certificate-1");
        environment.put(
                "NETSUITE_OAUTH_PRIVATE_KEY_FILE",
                Files.writeString(certificates.resolve("key.pem"), TestKeys.pem(TestKeys.ec("secp256r1")))
                        .toString());

        try (ChildProcess process = start("run", feedOf(5))) {
            assertThat(process.exitCode()).as(process.output()).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(process.output())
                    .containsPattern("contractflow: the certificate of 127.0.0.1:\\d+ is not accepted: .* tls.ca-file");
            process.assertFitToRead();
        }
        assertThat(secured.netsuiteCalls()).isZero();
    }

    @Test
    void checkNamesTheServerThatIsNotTrusted() throws Exception {
        serve("127.0.0.1");
        environment.remove("TLS_CA_FILE");

        try (ChildProcess process = start("check", feedOf(5))) {
            assertThat(process.exitCode()).as(process.output()).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(process.output().lines().filter(line -> line.startsWith("problem")))
                    .singleElement()
                    .asString()
                    .matches(
                            "problem +netsuite +contract C-1: the certificate of 127.0.0.1:\\d+ is not accepted: .* in tls.ca-file");
            process.assertFitToRead();
        }
    }

    private void serve(String certifiedName) throws Exception {
        WireMockServer server =
                ContractFlowTest.tlsServer(ca.server(certificates.resolve("server.p12"), certifiedName));
        secured = new FakeApis(server);
        environment.put("NETSUITE_BASE_URL", "https://127.0.0.1:" + server.httpsPort());
    }

    private void assertRefused(String why) throws Exception {
        try (ChildProcess process = start("run", feedOf(5))) {
            assertThat(process.exitCode()).as(process.output()).isEqualTo(ExitCode.INCOMPLETE);
            assertThat(process.output())
                    .containsPattern("INCOMPLETE, the certificate of 127.0.0.1:\\d+ is not accepted: .*\\Q" + why
                            + "\\E.* tls.ca-file");
            process.assertFitToRead();
        }
        assertThat(query("SELECT pending, dead FROM run")).containsExactly(Map.of("pending", 5L, "dead", 0L));
        assertThat(secured.netsuiteCalls()).isZero();
    }
}
