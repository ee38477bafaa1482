package contractflow.api.oauth;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static contractflow.support.FakeApis.anyContract;
import static contractflow.support.FakeApis.anyContractWith;
import static contractflow.support.FakeApis.anyCustomer;
import static contractflow.support.FakeApis.contract;
import static contractflow.support.FakeApis.customer;
import static contractflow.support.FakeApis.json;
import static contractflow.support.FakeApis.netsuiteError;
import static contractflow.support.FakeApis.netsuiteTokenRequest;
import static contractflow.support.FakeApis.record;
import static contractflow.support.FakeApis.report;
import static contractflow.support.FakeApis.strictNetsuiteTokenRequest;
import static contractflow.support.FakeApis.token;
import static contractflow.support.FakeApis.usageProblem;
import static contractflow.support.FakeApis.usageTokenRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import contractflow.report.ExitCode;
import contractflow.support.ChildProcess;
import contractflow.support.ProcessTest;
import contractflow.support.TestKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process signs in to both APIs before it works, and whatever becomes of that, no secret is ever to be seen. */
@Tag("slow")
class SignInIT extends ProcessTest {

    private static final String NETSUITE_TOKEN = "marked/netsuite+token==";
    private static final String USAGE_TOKEN = "marked/usage+token==";
    private static final String CLIENT_SECRET = "marked client secret";
    private static final String PASSWORD = "marked database password";

    /** Secrets, which no output may have. Whatever was made of these is added by the tests. */
    private final List<String> secrets = new ArrayList<>(List.of(
            NETSUITE_TOKEN,
            USAGE_TOKEN,
            CLIENT_SECRET,
            PASSWORD,
            "marked\\/netsuite",
            "marked%2Fnetsuite",
            "marked\\/usage",
            "marked%2Fusage",
            "marked+client+secret"));

    @TempDir
    private Path mounted;

    @BeforeEach
    void signIn() throws Exception {
        KeyPair keys = TestKeys.rsa(2048);
        String pem = TestKeys.pem(keys);
        pem.lines().filter(line -> !line.startsWith("-----")).forEach(secrets::add);
        environment.remove("NETSUITE_TOKEN");
        environment.put("NETSUITE_OAUTH_CLIENT_ID", "client-1");
        environment.put("NETSUITE_OAUTH_CERTIFICATE_ID", "certificate-1");
        environment.put("NETSUITE_OAUTH_PRIVATE_KEY_FILE", mount("key.pem", pem));
        environment.remove("USAGE_TOKEN");
        environment.put("USAGE_OAUTH_CLIENT_ID", "client-2");
        environment.put("USAGE_OAUTH_CLIENT_SECRET_FILE", mount("client-secret", CLIENT_SECRET + "\n"));
        environment.put("USAGE_OAUTH_TOKEN_URL", apis.usageTokenUrl());
        environment.put("WAREHOUSE_USERNAME", "postgres");
        environment.put("WAREHOUSE_PASSWORD_FILE", mount("password", PASSWORD + "\n"));
        apis.netsuite().stubFor(netsuiteTokenRequest().willReturn(token(NETSUITE_TOKEN)));
        apis.netsuite().stubFor(anyContractWith(NETSUITE_TOKEN).willReturn(record(0)));
        apis.usage().stubFor(usageTokenRequest().willReturn(token(USAGE_TOKEN)));
        apis.usage()
                .stubFor(anyCustomer()
                        .withHeader("Authorization", equalTo("Bearer " + USAGE_TOKEN))
                        .willReturn(report(0)));
    }

    @Test
    void runWithOauthForBothApisLoadsEverything() throws Exception {
        try (ChildProcess process = start("run", feedOf(20))) {
            assertThat(process.exitCode()).as(process.output()).isZero();
            process.assertFitToRead();
            assertNoSecret(process.output());
        }
        assertThat(apis.netsuiteTokenCalls()).isEqualTo(1);
    }

    @Test
    void strictServerTakesEachAssertionOnce() throws Exception {
        apis.netsuite().resetMappings();
        apis.netsuite()
                .stubFor(netsuiteTokenRequest()
                        .willReturn(json("{\"error\":\"invalid_client\"}").withStatus(400)));
        apis.netsuite()
                .stubFor(
                        strictNetsuiteTokenRequest("client-1")
                                .withHeader("X-Tenant", equalTo("7"))
                                .willReturn(
                                        aResponse()
                                                .withStatus(200)
                                                .withTransformers("response-template")
                                                .withBody(
                                                        "{\"access_token\":\"{{randomValue length=20 type='ALPHANUMERIC'}}\",\"expires_in\":1}")));
        apis.netsuite().stubFor(anyContract().willReturn(record(1100)));
        environment.put("NETSUITE_BASE_URL", apis.netsuite().baseUrl() + "/");
        environment.put("NETSUITE_HEADERS", "X-Tenant: 7");
        environment.put("NETSUITE_CONCURRENCY", "1");

        try (ChildProcess process = start("run", feedOf(3))) {
            assertThat(process.exitCode()).as(process.output()).isZero();
        }
        assertThat(apis.netsuiteTokenCalls()).as("a token holds for a second").isGreaterThan(2);
    }

    @Test
    void refusalStopsTheStartAndSaysWhatToCheck() throws Exception {
        apis.netsuite()
                .stubFor(netsuiteTokenRequest()
                        .willReturn(json("{\"error\":\"invalid_client\"}").withStatus(400)));

        String said = assertCannotStart("run", feedOf(3));

        assertThat(said)
                .contains(
                        "contractflow: netsuite's token endpoint answered 400 invalid_client; check netsuite.oauth.client-id,")
                .contains("expired");
        assertThat(query("SELECT count(*) AS runs FROM run").get(0)).containsEntry("runs", 0L);
    }

    @Test
    void refusalStopsTheServiceAsWell() throws Exception {
        apis.usage()
                .stubFor(usageTokenRequest()
                        .willReturn(json("{\"error\":\"invalid_client\"}").withStatus(401)));
        environment.put("SERVER_PORT", String.valueOf(freePort()));

        assertThat(assertCannotStart())
                .contains(
                        "contractflow: usage's token endpoint answered 401 invalid_client; check usage.oauth.client-id,");
    }

    @Test
    void keyThatIsNoneStopsTheStart() throws Exception {
        mount("key.pem", "marked database password");

        assertThat(assertCannotStart("run", feedOf(3)))
                .contains("netsuite.oauth.private-key-file: the file is not a PEM file");
    }

    @Test
    void tokenEndpointThatIsUnavailableAtTheStart_isWaitedFor() throws Exception {
        apis.netsuite().stubFor(netsuiteTokenRequest().willReturn(aResponse().withStatus(503)));

        try (ChildProcess process = start("run", feedOf(3))) {
            await().atMost(Duration.ofSeconds(30)).until(() -> !process.isAlive() || apis.netsuiteTokenCalls() > 2);
            apis.netsuite().stubFor(netsuiteTokenRequest().willReturn(token(NETSUITE_TOKEN)));
            assertThat(process.exitCode()).as(process.output()).isZero();
            assertThat(process.output())
                    .contains(
                            "netsuite gives out no token yet, a run will wait for it: netsuite's token endpoint answered 503");
            process.assertFitToRead();
        }
    }

    @Test
    void secretsThatAreEchoedGetNowhere() throws Exception {
        logEverything();
        echo();

        try (ChildProcess process = start("run", feedOf(12))) {
            assertThat(process.exitCode()).as(process.output()).isEqualTo(ExitCode.DEAD_LETTERS);
            assertThat(process.output()).as("a log that has everything").contains("DEBUG");
            rememberAssertions();
            assertNoSecret(process.output());
            assertNoSecret(database());
            assertThat(database()).contains("***");
        }
    }

    @Test
    void staticTokensThatAreEchoedGetNowhere() throws Exception {
        logEverything();
        echo();
        environment.keySet().removeIf(key -> key.contains("OAUTH"));
        environment.put("NETSUITE_TOKEN", NETSUITE_TOKEN);
        environment.remove("WAREHOUSE_PASSWORD_FILE");
        environment.put("WAREHOUSE_PASSWORD", PASSWORD);
        environment.put("USAGE_TOKEN_FILE", mount("usage-token", USAGE_TOKEN + "\n"));

        try (ChildProcess process = start("run", feedOf(12))) {
            assertThat(process.exitCode()).as(process.output()).isEqualTo(ExitCode.DEAD_LETTERS);
            assertNoSecret(process.output());
            assertNoSecret(database());
            assertThat(database()).contains("***");
        }
    }

    @Test
    void secretsThatAreEchoedByATokenEndpointGetNowhere() throws Exception {
        logEverything();
        apis.netsuite()
                .stubFor(netsuiteTokenRequest()
                        .willReturn(aResponse()
                                .withStatus(503)
                                .withTransformers("response-template")
                                .withBody("{\"error_description\":\"{{request.body}}\"}")));
        apis.usage()
                .stubFor(usageTokenRequest()
                        .willReturn(aResponse()
                                .withStatus(400)
                                .withTransformers("response-template")
                                .withBody("{\"error\":\"marked_client_secret\",\"error_description\":"
                                        + "\"{{request.headers.Authorization}} and marked client secret\"}")));

        String said = assertCannotStart("run", feedOf(3));

        assertThat(said)
                .contains("netsuite's token endpoint answered 503")
                .contains("***")
                .contains("usage's token endpoint answered 400");
    }

    /** Both APIs tell what they were shown, in every place that ends up somewhere. */
    private void echo() {
        apis.netsuite()
                .stubFor(echoing(
                        contract("C-1"), netsuiteError(500, "UNEXPECTED_ERROR", "{{request.headers.Authorization}}")));
        apis.netsuite()
                .stubFor(echoing(
                        contract("C-2"), json("{\"id\":\"C-2\",\"name\":\"{{request.headers.Authorization}}\"}")));
        apis.netsuite()
                .stubFor(echoing(
                        contract("C-3"),
                        netsuiteError(404, "NONEXISTENT_ID", "marked\\/netsuite+token==")
                                .withHeader("X-N-OperationId", "{{request.headers.Authorization}}")));
        apis.netsuite()
                .stubFor(echoing(
                        contract("C-4"), json("{\"id\":\"C-5\",\"name\":\"marked\\/netsuite\\u002btoken\\u003D=\"}")));
        apis.netsuite()
                .stubFor(contract("C-6")
                        .willReturn(aResponse().withStatus(404).withBody("?token=marked%2Fnetsuite%2Btoken%3D%3D")));
        apis.usage()
                .stubFor(echoing(customer("K-7"), usageProblem(404, "no usage for {{request.headers.Authorization}}")));
        apis.usage()
                .stubFor(echoing(
                        customer("K-8"),
                        json("{\"data\":[{\"value\":1,\"customerId\":\"{{request.headers.Authorization}}\"}]}")));
        apis.usage()
                .stubFor(echoing(
                        customer("K-9"),
                        json("{\"data\":[],\"{{request.headers.Authorization}}\":\"marked\\/usage+token==\"}")));
    }

    private static MappingBuilder echoing(MappingBuilder request, ResponseDefinitionBuilder answer) {
        return request.willReturn(answer.withTransformers("response-template"));
    }

    /** The process logs whatever its parts have to say, as a person would have it who looks for a fault. */
    private void logEverything() throws IOException {
        String settings = """
                rootLogger.level = trace
                logger.camel.name = org.apache.camel
                logger.camel.level = trace
                logger.engine.name = org.apache.camel.impl.engine
                logger.engine.level = trace
                logger.main.name = org.apache.camel.main
                logger.main.level = trace
                logger.hikari.name = com.zaxxer.hikari
                logger.hikari.level = trace
                logger.flyway.name = org.flywaydb
                logger.flyway.level = trace
                """;
        environment.put(
                "JDK_JAVA_OPTIONS",
                "-Dlog4j2.configurationFile=classpath:log4j2.properties," + mount("log.properties", settings));
    }

    private void rememberAssertions() {
        for (ServeEvent event : apis.netsuite().getAllServeEvents()) {
            String body = event.getRequest().getBodyAsString();
            if (body.contains("client_assertion=")) {
                String assertion = body.substring(body.lastIndexOf('=') + 1);
                secrets.add(assertion.substring(assertion.lastIndexOf('.')));
            }
        }
    }

    private String assertCannotStart(String... arguments) throws Exception {
        try (ChildProcess process = start(arguments)) {
            assertThat(process.exitCode()).as(process.output()).isEqualTo(ExitCode.COULD_NOT_RUN);
            rememberAssertions();
            assertNoSecret(process.output());
            return process.output();
        }
    }

    private void assertNoSecret(String text) {
        assertThat(text.lines().filter(line -> secrets.stream().anyMatch(line::contains)))
                .isEmpty();
    }

    /** All that a run writes, as a text. */
    private String database() throws Exception {
        StringBuilder dump = new StringBuilder();
        for (String table : List.of("run", "run_contract", "run_api", "feed_row", "dead_letter", "contract_enriched")) {
            query("SELECT * FROM " + table).forEach(row -> dump.append(row).append('\n'));
        }
        return dump.toString();
    }

    private String mount(String name, String content) throws IOException {
        return Files.writeString(mounted.resolve(name), content).toString();
    }
}
