package contractflow.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import contractflow.failure.SetupException;
import java.net.URI;
import java.util.Map;
import org.apache.hc.core5.http.HttpHost;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which proxy a call takes, as the settings or the environment say it, and that nothing shows its user and its password. */
class HttpProxiesTest {

    private static final String USER = "Aladdin";
    private static final String PASSWORD = "open:sesame@1";

    @Test
    void proxyOfTheSettingsIsForAllCalls() {
        HttpProxies proxies = HttpProxies.of(
                "http://proxy.example:3128", "", Map.of("HTTPS_PROXY", "http://other.example:1", "NO_PROXY", "*")::get);

        assertThat(proxies.of(host("https://netsuite.example"))).hasToString("http://proxy.example:3128 of http.proxy");
        assertThat(proxies.of(host("http://127.0.0.1:8080"))).hasToString("http://proxy.example:3128 of http.proxy");
        assertThat(proxies.secrets()).isEmpty();
    }

    @Test
    void userAndPasswordAreShownToTheProxyAlone() {
        HttpProxies proxies = HttpProxies.of("http://" + USER + "@proxy.example:3128", PASSWORD, name -> null);

        HttpProxies.Proxy proxy = proxies.of(host("https://netsuite.example"));
        assertThat(proxy.authorization()).isEqualTo("Basic QWxhZGRpbjpvcGVuOnNlc2FtZUAx");
        assertThat(proxy).hasToString("http://***@proxy.example:3128 of http.proxy");
        assertThat(proxies.secrets()).containsExactly("QWxhZGRpbjpvcGVuOnNlc2FtZUAx", PASSWORD);
    }

    @Test
    void environmentHasAProxyForEachScheme() {
        HttpProxies proxies = HttpProxies.of(
                "",
                "",
                Map.of(
                        "HTTPS_PROXY", "http://Aladdin:open%3Asesame%401@secure.example:3128/",
                        "https_proxy", " ",
                        "HTTP_PROXY", "http://capital.example:1",
                        "http_proxy", "plain.example:8080")::get);

        HttpProxies.Proxy secure = proxies.of(host("https://netsuite.example"));
        assertThat(secure).hasToString("http://***@secure.example:3128 of HTTPS_PROXY");
        assertThat(secure.password()).isEqualTo(PASSWORD);
        assertThat(proxies.of(host("http://netsuite.example"))).hasToString("http://plain.example:8080 of HTTP_PROXY");
    }

    @Test
    void passwordOfTheEnvironmentsUserMayBeASetting() {
        HttpProxies proxies = HttpProxies.of("", PASSWORD, Map.of("HTTPS_PROXY", "http://Aladdin@[::1]:3128")::get);

        HttpProxies.Proxy proxy = proxies.of(host("https://netsuite.example"));
        assertThat(proxy.password()).isEqualTo(PASSWORD);
        assertThat(proxy).hasToString("http://***@[::1]:3128 of HTTPS_PROXY");
        assertThat(proxies.of(host("http://netsuite.example"))).isNull();
    }

    @ParameterizedTest(name = "{0}: {1} directly {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "*                              | https://a.example          | true",
                "a.example                      | https://a.example          | true",
                "A.Example.                     | https://a.EXAMPLE          | true",
                ".example, other.test           | https://a.b.example        | true",
                ".a.example                     | https://a.example          | true",
                "*.example                      | https://a.example          | true",
                "b.test example                 | https://a.example          | true",
                "ample                          | https://a.example          | false",
                "a.example.com                  | https://a.example          | false",
                "a.example:443                  | https://a.example          | true",
                "a.example:443                  | https://a.example:8443     | false",
                "example:8080                   | http://a.example:8080      | true",
                "a.example:80                   | http://a.example           | true",
                "127.0.0.1                      | http://127.0.0.1:8080      | true",
                "127.0.0.1:9                    | http://127.0.0.1:8080      | false",
                "0.0.1                          | http://127.0.0.1:8080      | false",
                "10.0.0.0/8                     | http://10.200.3.4          | true",
                "10.0.0.0/8                     | http://11.0.0.1            | false",
                "192.168.1.128/25               | http://192.168.1.200       | true",
                "192.168.1.128/25               | http://192.168.1.100       | false",
                "10.0.0.0/8                     | http://10.example          | false",
                "0.0.0.0/0                      | http://10.1.1.1            | true",
                "::1                            | http://[::1]:8080          | true",
                "[::1]                          | http://[::1]:8080          | true",
                "[::1]:8080                     | http://[::1]:8080          | true",
                "fd00::/8                       | http://[fdab::1]           | true",
                "fd00::/8                       | http://[fe80::1]           | false",
                "localhost                      | http://127.0.0.1           | false",
                "''                             | http://localhost:8080      | false",
            })
    void whatNoProxyNamesIsCalledDirectly(String noProxy, String url, boolean direct) {
        Map<String, String> environment = Map.of(
                "HTTP_PROXY", "http://proxy.example:1", "HTTPS_PROXY", "http://proxy.example:1", "NO_PROXY", noProxy);

        assertThat(HttpProxies.of("", "", environment::get).of(host(url)) == null)
                .isEqualTo(direct);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "proxy.example:3128",
                "https://secret-9.example:3128",
                "socks5://secret-9.example:1080",
                "http://secret-9.example",
                "http://secret-9.example:0",
                "http://secret-9.example:70000",
                "http://secret-9.example:3128/path",
                "http://secret-9.example:3128?x=1",
                "http://:3128",
                "secret-9",
            })
    void whatIsNoProxyIsNamedWithoutItsValue(String value) {
        assertThatThrownBy(() -> HttpProxies.of(value, "", name -> null))
                .isInstanceOf(SetupException.class)
                .hasMessage("http.proxy must be http://[user@]host:port, or empty");
    }

    @Test
    void passwordThatIsMissingOrInTheWrongPlaceIsNamed() {
        assertThatThrownBy(() -> HttpProxies.of("http://user:secret-9@proxy.example:1", "", name -> null))
                .hasMessageContaining("http.proxy has a password in it")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> HttpProxies.of("http://secret-9@proxy.example:1", "", name -> null))
                .hasMessageContaining("set http.proxy-password")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> HttpProxies.of("", "secret-9", name -> null))
                .hasMessageContaining("http.proxy-password is set")
                .hasMessageNotContaining("secret");
    }

    @Test
    void proxyOfTheEnvironmentThatCannotBeUsedIsNamedUnlessNoneIs() {
        assertThatThrownBy(() -> HttpProxies.of("", "", Map.of("https_proxy", "socks5://secret-9:1080")::get))
                .isInstanceOf(SetupException.class)
                .hasMessageStartingWith("the environment variable HTTPS_PROXY must be http://")
                .hasMessageNotContaining("secret");

        HttpProxies none =
                HttpProxies.of("", "", Map.of("https_proxy", "socks5://secret-9:1080", "no_proxy", "*")::get);
        assertThat(none.of(host("https://netsuite.example"))).isNull();
    }

    private static HttpHost host(String url) {
        return HttpHost.create(URI.create(url));
    }
}
