package contractflow.support;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.matching;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.matching.MatchResult;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Two real HTTP servers that answer as NetSuite and the usage API do, and remember what they were asked. */
public final class FakeApis {

    public static final String NETSUITE_TOKEN = "netsuite-secret";
    public static final String USAGE_TOKEN = "usage-secret";

    private static final String RECORDS = "/services/rest/record/v1/customrecord_contracts/";
    private static final String QUERY = "/services/rest/query/v1/suiteql";
    private static final String METER = "/api/v1/meters/api_calls/query";
    private static final String NETSUITE_TOKENS = "/services/rest/auth/oauth2/v1/token";
    private static final String USAGE_TOKENS = "/oauth2/token";

    private final WireMockServer netsuite;
    private final WireMockServer usage = ContractFlowTest.server();

    FakeApis() {
        this(ContractFlowTest.server());
    }

    public FakeApis(WireMockServer netsuite) {
        this.netsuite = netsuite;
        netsuite.stubFor(
                any(anyUrl()).atPriority(10).willReturn(netsuiteError(401, "INVALID_LOGIN", "Invalid login attempt.")));
        netsuite.stubFor(get(urlPathMatching(RECORDS + "[^/]+"))
                .atPriority(9)
                .withHeader("Authorization", equalTo("Bearer " + NETSUITE_TOKEN))
                .willReturn(record(0)));
        usage.stubFor(any(anyUrl()).atPriority(10).willReturn(usageProblem(401, "unknown token")));
        usage.stubFor(get(urlPathEqualTo(METER))
                .atPriority(9)
                .withHeader("Authorization", equalTo("Bearer " + USAGE_TOKEN))
                .willReturn(report(0)));
    }

    public WireMockServer netsuite() {
        return netsuite;
    }

    public WireMockServer usage() {
        return usage;
    }

    public void stop() {
        netsuite.stop();
        usage.stop();
    }

    /** A request for one contract, which a test may answer otherwise. */
    public static MappingBuilder contract(String id) {
        return get(urlEqualTo(RECORDS + id)).atPriority(1);
    }

    /** A request for one contract of many, which a test may answer otherwise. */
    public static MappingBuilder contractLike(String pattern) {
        return get(urlPathMatching(RECORDS + pattern)).atPriority(1);
    }

    /** A request for any contract, which a test may answer otherwise. */
    public static MappingBuilder anyContract() {
        return get(urlPathMatching(RECORDS + ".*")).atPriority(5);
    }

    /** A request for the page of contracts that begins after one of them; nothing answers it unless a test does. */
    public static MappingBuilder pageAfter(long contract) {
        return post(urlEqualTo(QUERY + "?limit=1000&offset=0"))
                .atPriority(1)
                .withHeader("Authorization", equalTo("Bearer " + NETSUITE_TOKEN))
                .withHeader("Prefer", equalTo("transient"))
                .withHeader("Content-Type", equalTo("application/json"))
                .withRequestBody(matchingJsonPath("$.q", matching("(?s)SELECT\\s.*\\.id > " + contract + "\\s.*")));
    }

    /**
     * A page of contracts.
     *
     * @param items each as JSON
     */
    public static ResponseDefinitionBuilder page(boolean more, String... items) {
        return aResponse()
                .withHeader("Content-Type", "application/vnd.oracle.resource+json; type=collection")
                .withBody("{\"links\":[],\"count\":" + items.length + ",\"hasMore\":" + more
                        + ",\"offset\":0,\"totalResults\":9," + "\"items\":[" + String.join(",", items) + "]}");
    }

    /** A row of a page, as JSON. */
    public static String listed(long contract) {
        return "{\"links\":[],\"contract_id\":\"" + contract + "\",\"customer_id\":\"7" + contract + "\"}";
    }

    /** A request for one customer's usage, which a test may answer otherwise. */
    public static MappingBuilder customer(String id) {
        return get(urlPathEqualTo(METER))
                .withQueryParam("filterCustomerId", equalTo(id))
                .atPriority(1);
    }

    /** A request for any customer's usage, which a test may answer otherwise. */
    public static MappingBuilder anyCustomer() {
        return get(urlPathEqualTo(METER)).atPriority(5);
    }

    /** A request for an access token of NetSuite, which a test has to answer. */
    public static MappingBuilder netsuiteTokenRequest() {
        return post(urlPathEqualTo(NETSUITE_TOKENS)).atPriority(5);
    }

    /** A request for an access token of the usage API, which a test has to answer. */
    public static MappingBuilder usageTokenRequest() {
        return post(urlPathEqualTo(USAGE_TOKENS)).atPriority(5);
    }

    public String usageTokenUrl() {
        return usage.baseUrl() + USAGE_TOKENS;
    }

    /** A request for an access token of NetSuite as a strict server takes it: by RFC 7523, with an id that it has not seen. */
    public static MappingBuilder strictNetsuiteTokenRequest(String clientId) {
        Set<String> seen = ConcurrentHashMap.newKeySet();
        return post(urlPathEqualTo(NETSUITE_TOKENS)).atPriority(1).andMatching(request -> {
            try {
                String assertion = request.getBodyAsString().replaceAll(".*&client_assertion=", "");
                JWTClaimsSet claims = SignedJWT.parse(assertion).getJWTClaimsSet();
                return MatchResult.of(clientId.equals(claims.getSubject())
                        && clientId.equals(claims.getIssuer())
                        && claims.getAudience().size() == 1
                        && request.getAbsoluteUrl().equals(claims.getAudience().get(0))
                        && claims.getJWTID() != null
                        && seen.add(claims.getJWTID()));
            } catch (ParseException noAssertion) {
                return MatchResult.noMatch();
            }
        });
    }

    /** Lets NetSuite give out token-1, token-2, and so on, each for an hour. */
    public void giveNetsuiteTokens() {
        for (int i = 1; i <= 9; i++) {
            netsuite.stubFor(netsuiteTokenRequest()
                    .inScenario("tokens")
                    .whenScenarioStateIs(i == 1 ? "Started" : String.valueOf(i))
                    .willSetStateTo(String.valueOf(i + 1))
                    .willReturn(token("token-" + i)));
        }
    }

    /** An access token as NetSuite gives it out. */
    public static ResponseDefinitionBuilder token(String value) {
        return json("{\"access_token\":\"" + value + "\",\"expires_in\":\"3600\",\"token_type\":\"bearer\"}");
    }

    /** A request for any contract that shows this token. */
    public static MappingBuilder anyContractWith(String token) {
        return anyContract().withHeader("Authorization", equalTo("Bearer " + token));
    }

    /**
     * NetSuite's record of the contract that was asked for.
     *
     * @param delay in ms
     */
    public static ResponseDefinitionBuilder record(int delay) {
        return aResponse()
                .withHeader("Content-Type", "application/vnd.oracle.resource+json; type=singular")
                .withHeader("X-N-OperationId", "operation-1")
                .withFixedDelay(delay)
                .withTransformers("response-template")
                .withBody("""
                        {"links":[{"rel":"self","href":"{{request.path}}"}],
                         "id":"{{request.pathSegments.[5]}}","name":"CON {{request.pathSegments.[5]}}",
                         "custrecord_contracts_bill_to_customer":{"links":[],"id":"107","refName":"Acme"},
                         "custrecord_contract_status":{"id":"2","refName":"Active"},
                         "custrecord_contracts_start_date":"2026-01-01","custrecord_contracts_end_date":"2026-12-31",
                         "custrecord_swe_contract_value_olr":12000.50,
                         "currency":{"id":"1","refName":"USD"},
                         "lastModified":"2026-10-30T08:34:00Z"}""");
    }

    /**
     * The usage of the customer that was asked for.
     *
     * @param delay in ms
     */
    public static ResponseDefinitionBuilder report(int delay) {
        return aResponse()
                .withHeader("Content-Type", "application/json")
                .withFixedDelay(delay)
                .withTransformers("response-template")
                .withBody("""
                        {"from":"{{request.query.from}}","to":"{{request.query.to}}","windowSize":"MONTH",
                         "data":[{"value":12345.5,"windowStart":"{{request.query.from}}","windowEnd":"{{request.query.to}}",
                                  "subject":null,"customerId":"{{request.query.filterCustomerId}}","groupBy":{}}]}""");
    }

    /** A plain answer of a test's own. */
    public static ResponseDefinitionBuilder json(String body) {
        return aResponse().withHeader("Content-Type", "application/json").withBody(body);
    }

    /** The answer of a gateway on the way to an API, which knows nothing of records. */
    public static ResponseDefinitionBuilder gatewayPage(int status) {
        return aResponse()
                .withStatus(status)
                .withHeader("Content-Type", "text/html")
                .withBody("<html>default backend - " + status + "</html>");
    }

    public static ResponseDefinitionBuilder netsuiteError(int status, String code, String detail) {
        return aResponse()
                .withStatus(status)
                .withHeader("Content-Type", "application/vnd.oracle.resource+json; type=error")
                .withHeader("X-N-OperationId", "operation-1")
                .withBody("{\"type\":\"about:blank\",\"title\":\"Error\",\"status\":" + status
                        + ",\"o:errorDetails\":[{\"detail\":\"" + detail + "\",\"o:errorCode\":\"" + code + "\"}]}");
    }

    public static ResponseDefinitionBuilder usageProblem(int status, String detail) {
        return aResponse()
                .withStatus(status)
                .withHeader("Content-Type", "application/problem+json")
                .withBody("{\"type\":\"about:blank\",\"title\":\"Error\",\"status\":" + status + ",\"detail\":\""
                        + detail + "\"}");
    }

    /** How often NetSuite was asked for anything. */
    public int netsuiteCalls() {
        return netsuite.countRequestsMatching(anyRequestedFor(anyUrl()).build()).getCount();
    }

    /** How often NetSuite was asked for an access token. */
    public int netsuiteTokenCalls() {
        return netsuite.countRequestsMatching(
                        postRequestedFor(urlPathEqualTo(NETSUITE_TOKENS)).build())
                .getCount();
    }

    /** How often NetSuite was asked for one contract. */
    public int netsuiteCalls(String id) {
        return netsuite.countRequestsMatching(
                        getRequestedFor(urlEqualTo(RECORDS + id)).build())
                .getCount();
    }

    /** How often NetSuite was asked for the page of contracts that begins after one of them. */
    public int pageCalls(long contract) {
        return netsuite.countRequestsMatching(pageAfter(contract).build().getRequest())
                .getCount();
    }

    /** How often the usage API was asked for anything. */
    public int usageCalls() {
        return usage.countRequestsMatching(anyRequestedFor(anyUrl()).build()).getCount();
    }

    /** How often the usage API was asked for one customer. */
    public int usageCalls(String id) {
        return usage.countRequestsMatching(getRequestedFor(urlPathEqualTo(METER))
                        .withQueryParam("filterCustomerId", equalTo(id))
                        .build())
                .getCount();
    }
}
