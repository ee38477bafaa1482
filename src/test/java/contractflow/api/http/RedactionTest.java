package contractflow.api.http;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An answer never says again what it was shown, also where the secret is short; but no record loses what looks like one. */
class RedactionTest {

    private static final WireMockServer SERVER =
            new WireMockServer(WireMockConfiguration.options().dynamicPort());

    @BeforeAll
    static void start() {
        SERVER.start();
    }

    @AfterAll
    static void stop() {
        SERVER.stop();
    }

    private static String answer(String authorization, Set<String> always, int status, String body) throws Exception {
        SERVER.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(status).withBody(body)));
        try (CloseableHttpClient client = HttpClients.custom()
                .addExecInterceptorFirst("redaction", new Redaction(always))
                .build()) {
            HttpGet request = new HttpGet(SERVER.baseUrl());
            request.setHeader("Authorization", authorization);
            return client.execute(request, response -> EntityUtils.toString(response.getEntity()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "ab", "s3cret", "k!-=/+1", "0815", "long-enough-to-be-found"})
    void errorDoesNotRepeatATokenOfAnyLength(String token) throws Exception {
        assertThat(answer(
                        "Bearer " + token,
                        Set.of(),
                        403,
                        "no access for " + token + ", you sent Bearer " + token + "."))
                .isEqualTo("no access for ***, you sent Bearer ***.");
        assertThat(answer(
                        "Bearer " + token, Set.of(), 400, "{\"detail\":\"" + token + " is no token\",\"status\":400}"))
                .isEqualTo("{\"detail\":\"*** is no token\",\"status\":400}");
        assertThat(answer("Bearer " + token, Set.of(), 200, "not " + token + " but a page"))
                .isEqualTo("not *** but a page");
    }

    @Test
    void passwordsOfBasicAndOfProxiesAreTakenOutAsWell() throws Exception {
        String pair = Base64.getEncoder().encodeToString("ada:pw1".getBytes(StandardCharsets.UTF_8));
        assertThat(answer("Basic " + pair, Set.of("px7"), 502, "Basic " + pair + ": pw1 and px7 are wrong, ada"))
                .isEqualTo("Basic ***: *** and *** are wrong, ada");
    }

    @Test
    void recordKeepsWhatLooksLikeAShortSecret() throws Exception {
        String record = "{\"id\":\"1042\",\"value\":1042,\"name\":\"a1042 b\"}";
        assertThat(answer("Bearer 1042", Set.of("1042"), 200, record)).isEqualTo(record);
        assertThat(answer("Bearer 1042", Set.of(), 200, "{\"echo\":\"Bearer 1042\",\"value\":1042}"))
                .isEqualTo("{\"echo\":\"Bearer ***\",\"value\":1042}");
        assertThat(answer("Bearer 404", Set.of(), 404, "{\"status\":404,\"header\":\"Bearer 404\"}"))
                .isEqualTo("{\"status\":404,\"header\":\"Bearer ***\"}");
        assertThat(answer("Bearer s3cret", Set.of(), 403, "s3crets, as3cret")).isEqualTo("s3crets, as3cret");
    }
}
