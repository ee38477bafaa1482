package contractflow.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import contractflow.api.oauth.ClientAssertion;
import contractflow.support.TestKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The simulated account looks at an assertion as closely as the real one. */
class SandboxAccountTest {

    private static final String TOKEN_URL = "https://netsuite.example/token";

    @TempDir
    private Path folder;

    private final SandboxAccount account = new SandboxAccount();
    private final ClientAssertion assertion = new ClientAssertion();

    @BeforeEach
    void agree() throws Exception {
        String key = key("key.pem", TestKeys.rsa(2048));
        account.setClientId("client-1");
        account.setCertificateId("certificate-1");
        account.setPrivateKeyFile(key);
        account.setTokenUrl(TOKEN_URL);
        assertion.setClientId("client-1");
        assertion.setCertificateId("certificate-1");
        assertion.setPrivateKeyFile(key);
        assertion.setScope("rest_webservices");
        assertion.setAudience(TOKEN_URL);
    }

    @Test
    void assertionOfItsClientIsAccepted() throws Exception {
        assertThat(account.accepts(assertion.sign())).isTrue();
    }

    static Stream<Arguments> differences() {
        return Stream.of(
                Arguments.of("issuer", (Consumer<ClientAssertion>) a -> a.setClientId("client-2")),
                Arguments.of("certificate", (Consumer<ClientAssertion>) a -> a.setCertificateId("certificate-2")),
                Arguments.of("scope", (Consumer<ClientAssertion>) a -> a.setScope("restlets")),
                Arguments.of("audience", (Consumer<ClientAssertion>) a -> a.setAudience(TOKEN_URL + "/other")),
                Arguments.of("expired", (Consumer<ClientAssertion>)
                        a -> a.setClock(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(-11)))),
                Arguments.of("of the future", (Consumer<ClientAssertion>)
                        a -> a.setClock(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(5)))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("differences")
    void anyOtherAssertionIsNot(String name, Consumer<ClientAssertion> difference) throws Exception {
        difference.accept(assertion);

        assertThat(account.accepts(assertion.sign())).isFalse();
    }

    @Test
    void assertionThatAnotherKeyHasSignedIsNot() throws Exception {
        assertion.setPrivateKeyFile(key("other.pem", TestKeys.rsa(2048)));
        assertThat(account.accepts(assertion.sign())).isFalse();

        assertion.setPrivateKeyFile(key("ec.pem", TestKeys.ec("secp256r1")));
        assertThat(account.accepts(assertion.sign())).isFalse();
    }

    @Test
    void whatIsNoAssertionIsNotEither() throws Exception {
        assertThat(account.accepts(null)).isFalse();
        assertThat(account.accepts("a.b.c")).isFalse();
    }

    private String key(String name, KeyPair keys) throws Exception {
        return Files.writeString(folder.resolve(name), TestKeys.pem(keys)).toString();
    }
}
