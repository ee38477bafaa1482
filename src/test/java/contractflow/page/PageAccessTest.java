package contractflow.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who sees the page knows its server by a name of its own; who acts also knows the token, and comes from no other site. */
class PageAccessTest {

    private static final String TOKEN = "a-token-of-this-test";

    private static final CamelContext CAMEL = new DefaultCamelContext();

    private final PageAccess pageAccess = access(TOKEN);

    private final Map<String, Object> request = new HashMap<>(Map.of(
            "Host",
            "127.0.0.1:8080",
            "Sec-Fetch-Site",
            "same-origin",
            "Origin",
            "http://127.0.0.1:8080",
            "Content-Type",
            "application/json",
            PageAccess.TOKEN_HEADER,
            TOKEN));

    private static PageAccess access(String token) {
        PageAccess pageAccess = new PageAccess();
        pageAccess.setHost("internal.example");
        pageAccess.setNames("status.example.com, Night.Example");
        pageAccess.setToken(token);
        return pageAccess;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1:8080",
                "10.1.2.3",
                "[::1]:8080",
                "[fe80::1]",
                "localhost",
                "LocalHost:9000",
                "my.localhost",
                "internal.example:8080",
                "status.example.com",
                "night.example.",
                "night.example:443"
            })
    void serverIsCalledByANameOfItsOwn(String host) {
        assertThat(refusal(host)).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "evil.example, 421",
        "status.example.com.evil.example, 421",
        "localhost.evil.example:8080, 421",
        "127.0.0.1.evil.example, 421",
        "2130706433, 421",
        "'', 400",
        "status.example.com@evil.example, 400",
        "evil.example#status.example.com, 400",
    })
    void serverThatIsCalledByAnotherNameAnswersNothing(String host, int status) {
        assertThat(refusal(host)).isEqualTo(status);
    }

    private int refusal(String host) {
        request.put("Host", host);
        request.put("Origin", "http://" + host);
        int status = status(pageAccess::admit);
        assertThat(status(pageAccess::admitToData)).isEqualTo(status);
        assertThat(status(pageAccess::admitToAct)).isEqualTo(status);
        return status;
    }

    @Test
    void parameterOfTheAddressIsNoHeader() {
        request.put("Host", List.of("evil.example", "127.0.0.1:8080"));

        assertThat(status(pageAccess::admit)).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({"same-origin, 0", "none, 0", "'', 0", "same-site, 403", "cross-site, 403"})
    void dataIsForOurPageOrForNoPage(String site, int status) {
        request.put("Sec-Fetch-Site", site);

        assertThat(status(pageAccess::admitToData)).isEqualTo(status);
        assertThat(status(pageAccess::admitToAct)).isEqualTo(status);
        // A link to the page may be on any page.
        assertThat(status(pageAccess::admit)).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:8080, 0",
        "'', 0",
        "https://status.example.com, 0",
        "http://127.0.0.1:8081, 403",
        "http://localhost:3000, 403",
        "http://evil.example, 403",
        "http://127.0.0.1:8080.evil.example, 403",
        "http://evil.example#127.0.0.1:8080, 403",
        "null, 403",
    })
    void actionComesFromOurPageOrFromNoPage(String origin, int status) {
        request.put("Origin", origin);

        assertThat(status(pageAccess::admitToAct)).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "application/json, 0",
        "application/json; charset=utf-8, 0",
        "text/plain, 415",
        "application/x-www-form-urlencoded, 415",
        "'', 415",
    })
    void actionIsWhatNoFormCanSend(String contentType, int status) {
        request.put("Content-Type", contentType);

        assertThat(status(pageAccess::admitToAct)).isEqualTo(status);
    }

    @Test
    void actionHasNoParametersInItsAddress() {
        request.put(Exchange.HTTP_RAW_QUERY, "Content-Type=application/json");

        assertThat(status(pageAccess::admitToAct)).isEqualTo(415);
    }

    @ParameterizedTest
    @CsvSource({
        "a-token-of-this-test, 0",
        "a-token-of-this-tesu, 401",
        "a-token, 401",
        "Bearer a-token-of-this-test, 401",
        "'', 401",
    })
    void actionNeedsTheToken(String token, int status) {
        // What a proxy in front has sent on is no token of ours, and does no harm.
        request.put("Authorization", "Bearer a-token-of-this-test");
        request.put(PageAccess.TOKEN_HEADER, token);

        assertThat(status(pageAccess::admitToAct)).isEqualTo(status);
        assertThat(status(pageAccess::admitToData)).isZero();
    }

    @Test
    void actionWithoutAToken_isRefused() {
        PageAccess readers = access("");
        request.put(PageAccess.TOKEN_HEADER, "");

        assertThat(readers.mayAct()).isFalse();
        assertThat(status(readers::admitToAct)).isEqualTo(403);
        assertThat(status(readers::admitToData)).isZero();
    }

    private interface Door {
        void admit(Exchange request) throws HttpError;
    }

    /** The status of HTTP that a visitor is turned away with; 0 where it is let in. */
    private int status(Door door) {
        Exchange exchange = new DefaultExchange(CAMEL);
        exchange.getMessage().setHeaders(new HashMap<>(request));
        Throwable refused = catchThrowable(() -> door.admit(exchange));
        if (refused == null) {
            return 0;
        }
        assertThat(refused).isInstanceOf(HttpError.class).message().doesNotContain(TOKEN);
        return ((HttpError) refused).getStatus();
    }
}
