package contractflow.api.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import contractflow.support.TestKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.jwt.consumer.JwtContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is signed with either kind of key, another library takes for what NetSuite asks for. */
class ClientAssertionTest {

    private static final String TOKEN_URL =
            "https://1234567.suitetalk.api.netsuite.com/services/rest/auth/oauth2/v1/token";
    private static final Instant NOW = Instant.parse("2026-11-24T01:00:00Z");

    @TempDir
    private Path folder;

    @Test
    void rsaKeySignsWithPs256() throws Exception {
        assertSigns(TestKeys.rsa(3072), "PS256");
    }

    @Test
    void ecKeySignsWithEs256() throws Exception {
        assertSigns(TestKeys.ec("secp256r1"), "ES256");
    }

    @Test
    void keyThatWasExchangedMeanwhileIsUsed() throws Exception {
        KeyPair next = TestKeys.ec("secp256r1");
        ClientAssertion assertion = assertion(TestKeys.ec("secp256r1"));
        assertion.sign();
        write(next);

        assertThat(verifier(next, "ES256").processToClaims(assertion.sign()).getIssuer())
                .isEqualTo("client-1");
    }

    @Test
    void noTwoAssertionsHaveTheSameId() throws Exception {
        KeyPair keys = TestKeys.ec("secp256r1");
        ClientAssertion assertion = assertion(keys);

        assertThat(Stream.of(assertion.sign(), assertion.sign(), assertion(keys).sign())
                        .map(signed -> id(keys, signed)))
                .doesNotContainNull()
                .doesNotHaveDuplicates();
    }

    private static String id(KeyPair keys, String signed) {
        try {
            return verifier(keys, "ES256").processToClaims(signed).getJwtId();
        } catch (InvalidJwtException | MalformedClaimException e) {
            throw new AssertionError(e);
        }
    }

    private void assertSigns(KeyPair keys, String algorithm) throws Exception {
        String signed = assertion(keys).sign();

        JwtContext jwt = verifier(keys, algorithm).process(signed);
        assertThat(jwt.getJoseObjects().get(0).getHeaders().getFullHeaderAsJsonString())
                .isEqualTo("{\"kid\":\"certificate-1\",\"typ\":\"JWT\",\"alg\":\"" + algorithm + "\"}");
        JwtClaims claims = jwt.getJwtClaims();
        assertThat(claims.getClaimNames()).containsExactlyInAnyOrder("iss", "sub", "aud", "scope", "iat", "exp", "jti");
        assertThat(claims.getSubject()).isEqualTo("client-1");
        assertThat(claims.getStringListClaimValue("scope")).isEqualTo(List.of("rest_webservices"));
        assertThat(claims.getClaimValue("aud")).isEqualTo(TOKEN_URL);
        assertThat(claims.getIssuedAt().getValue()).isEqualTo(NOW.getEpochSecond());
        assertThat(claims.getExpirationTime().getValue() - NOW.getEpochSecond()).isBetween(60L, 3599L);
        KeyPair another = algorithm.equals("PS256") ? TestKeys.rsa(2048) : TestKeys.ec("secp256r1");
        assertThatThrownBy(() -> verifier(another, algorithm).process(signed)).isInstanceOf(InvalidJwtException.class);
    }

    private ClientAssertion assertion(KeyPair keys) throws Exception {
        ClientAssertion assertion = new ClientAssertion();
        assertion.setClientId("client-1");
        assertion.setCertificateId("certificate-1");
        assertion.setPrivateKeyFile(write(keys).toString());
        assertion.setScope("rest_webservices");
        assertion.setAudience(TOKEN_URL);
        assertion.setClock(Clock.fixed(NOW, ZoneOffset.UTC));
        return assertion;
    }

    private Path write(KeyPair keys) throws Exception {
        return Files.writeString(folder.resolve("key.pem"), TestKeys.pem(keys));
    }

    private static JwtConsumer verifier(KeyPair keys, String algorithm) {
        return new JwtConsumerBuilder()
                .setVerificationKey(keys.getPublic())
                .setJwsAlgorithmConstraints(AlgorithmConstraints.ConstraintType.PERMIT, algorithm)
                .setExpectedIssuer("client-1")
                .setExpectedAudience(TOKEN_URL)
                .setRequireIssuedAt()
                .setRequireExpirationTime()
                .setEvaluationTime(NumericDate.fromSeconds(NOW.getEpochSecond()))
                .build();
    }
}
