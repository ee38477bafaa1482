package contractflow.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import contractflow.failure.SetupException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers of the settings are sent as they stand there, and none of them can be a credential or change the call. */
class ExtraHeadersTest {

    @Test
    void headersStandWithABarBetweenThem() {
        assertThat(ExtraHeaders.parse(
                        " Accept-Language: de,en;q=0.8 |X-Tenant:7| User-Agent: night (ops@example.com) "))
                .extracting(header -> header.getName() + "=" + header.getValue())
                .containsExactly("Accept-Language=de,en;q=0.8", "X-Tenant=7", "User-Agent=night (ops@example.com)");
        assertThat(ExtraHeaders.parse(" ")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization",
                "proxy-authorization",
                "Cookie",
                "X-Api-Key",
                "apikey",
                "X-Auth-Token",
                "Ocp-Apim-Subscription-Key",
                "X-Secret",
                "X-Amz-Signature",
                "Session-Id",
                "X-Password",
            })
    void credentialsAreRefused(String name) {
        assertThatThrownBy(() -> ExtraHeaders.parse("X-Tenant: 7 | " + name + ": value-9"))
                .isInstanceOf(SetupException.class)
                .hasMessageStartingWith("may not have " + name + ": credentials")
                .hasMessageNotContaining("value-9");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host", "content-length", "Content-Type", "Transfer-Encoding", "Connection", "CamelHttpUri",
                        "camelHttpMethod", "Expect", "Upgrade",
                "Accept", "Accept-Encoding", "Prefer", "Range", "If-Modified-Since", "X-HTTP-Method-Override", "TE",
                        "Proxy-Connection", "Keep-Alive",
            })
    void whatTheCallSetsItselfIsRefused(String name) {
        assertThatThrownBy(() -> ExtraHeaders.parse(name + ": value-9"))
                .isInstanceOf(SetupException.class)
                .hasMessageStartingWith("may not have " + name + ": the call sets it itself")
                .hasMessageNotContaining("value-9");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "value-9",
                "X-Tenant: ",
                "X-Tenant",
                "X Tenant: value-9",
                ": value-9",
                "X-Tenant: value-9 |",
                "X-Tenant: value\u00e9-9",
                "X-Tenant: value-9\r\nX-Other: 1",
                "X-Tenant: Bearer value-9",
                "X-Tenant: 1 | x-tenant: value-9",
            })
    void whatIsNoHeaderIsRefusedWithoutItsValue(String setting) {
        assertThatThrownBy(() -> ExtraHeaders.parse(setting))
                .isInstanceOf(SetupException.class)
                .hasMessageNotContaining("value");
    }
}
