package contractflow.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An error that an API has written itself differs from what a gateway or a firewall writes. */
class ErrorFormTest {

    private final ErrorForm form = new ErrorForm();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            netsuite | 404 | application/json         | {"o:errorDetails":[{"o:errorCode":"NONEXISTENT_ID"}]} | true
            netsuite | 404 | text/html                | {"o:errorDetails":[{"detail":"no code"}]}             | true
            netsuite | 404 | application/problem+json | {"title":"Not Found","status":404}                    | false
            netsuite | 403 | text/html                | <html>the firewall says no</html>                     | false
            netsuite | 403 | application/json         | {"o:errorDetails":[]}                                 | false
            netsuite | 404 | application/json         | default backend - 404                                 | false
            netsuite | 414 | application/json         | [{"o:errorDetails":[{}]}]                             | false
            usage    | 404 | application/problem+json | {"title":"Not Found"}                                 | true
            usage    | 403 | application/json         | {"detail":"no","status":403}                          | true
            usage    | 403 | application/json         | {"detail":"no","status":500}                          | false
            usage    | 404 | application/json         | {"message":"no Route matched with those values"}      | false
            usage    | 413 | application/problem+json | <html>too large</html>                                | false
            billing  | 404 | application/json         | {"whatever":1}                                        | true
            billing  | 404 | text/html                | <html>no</html>                                       | false
            """)
    void errorOfTheApi_isItsOwn(String api, int status, String contentType, String body, boolean own) {
        assertThat(form.isOwn(answer(api, status, contentType, body))).isEqualTo(own);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"error":"SSS_REQUEST_LIMIT_EXCEEDED"}            | true
            {"error":{"code":"SSS_REQUEST_LIMIT_EXCEEDED"}}   | true
            {"o:errorDetails":[{"o:errorCode":"USER_ERROR"}]} | false
            """)
    void codeOfALimitIsReadInAnyForm(String body, boolean limit) {
        assertThat(form.isConcurrencyLimit(answer("netsuite", 400, "application/json", body)))
                .isEqualTo(limit);
    }

    @Test
    void challengeOfABearerTokenNeedsNoBody() {
        Exchange answer = answer("usage", 401, "text/plain", "");
        assertThat(form.isOwn(answer)).isFalse();
        answer.getMessage().setHeader("WWW-Authenticate", "bearer error=\"invalid_token\"");
        assertThat(form.isOwn(answer)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"error":"invalid_client"}           | true
            {"o:errorDetails":[{"detail":"no"}]} | true
            {"message":"no Route matched"}       | false
            <html>not here</html>                | false
            """)
    void errorOfATokenEndpoint_isItsOwn(String body, boolean own) {
        assertThat(form.isOfTokenEndpoint(answer("netsuite's token endpoint", 400, "application/json", body)))
                .isEqualTo(own);
    }

    private static Exchange answer(String api, int status, String contentType, String body) {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.setVariable("stage", api);
        exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, contentType);
        exchange.getMessage().setBody(body);
        return exchange;
    }
}
