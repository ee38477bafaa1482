package contractflow.api.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import contractflow.contract.Json;
import contractflow.failure.api.ServiceUnavailable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A token knows when it is to be replaced and when it ends, however its endpoint writes that. */
class AccessTokenTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        // five minutes ahead
        "'\"3600\"', 3300, 3600",
        "3600, 3300, 3600",
        "'3600.9', 3300, 3600",
        // as good as an hour, where nothing is said
        "null, 3300, 3600",
        // a token that holds hardly longer than the five minutes serves for half a minute, or half its life
        "330, 30, 330",
        "300, 30, 300",
        "40, 20, 40",
        // no clock overflows
        "1e30, 2591700, 2592000",
    })
    void tokenIsDueBeforeItEnds(String expiresIn, long due, long end) throws Exception {
        AccessToken token = AccessToken.of(answer("\"a.b-c\"", expiresIn), 0);

        assertThat(token.authorization()).isEqualTo("Bearer a.b-c");
        assertThat(token.isDue(due * 1000 - 1)).isFalse();
        assertThat(token.isDue(due * 1000)).isTrue();
        assertThat(token.isUsable(end * 1000 - 1)).isTrue();
        assertThat(token.isUsable(end * 1000)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"soon\"", "0", "-1", "\"\"", "{}", "true"})
    void tokenWithoutAUsableEndIsNoToken(String expiresIn) throws Exception {
        JsonNode answer = answer("\"secret-1\"", expiresIn);

        assertThatThrownBy(() -> AccessToken.of(answer, 0))
                .isInstanceOf(ServiceUnavailable.class)
                .hasMessageContaining("expires_in")
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "null", "{}", "\"secret 1\"", "\"secret\\r\\nX: y\"", "\"secrét\""})
    void tokenThatNoHeaderCanCarryIsNoToken(String value) throws Exception {
        JsonNode answer = answer(value, "3600");

        assertThatThrownBy(() -> AccessToken.of(answer, 0))
                .isInstanceOf(ServiceUnavailable.class)
                .hasMessageContaining("access_token")
                .hasMessageNotContaining("secr");
    }

    @Test
    void tokenNeverShowsItself() throws Exception {
        assertThat(AccessToken.of(answer("\"secret-1\"", "3600"), 0).toString()).doesNotContain("secret");
    }

    private static JsonNode answer(String token, String expiresIn) throws Exception {
        return Json.exact().readTree("{\"access_token\":" + token + ",\"expires_in\":" + expiresIn + "}");
    }
}
