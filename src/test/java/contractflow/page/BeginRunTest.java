package contractflow.page;

import static contractflow.support.FakeApis.contract;
import static contractflow.support.FakeApis.listed;
import static contractflow.support.FakeApis.netsuiteError;
import static contractflow.support.FakeApis.page;
import static contractflow.support.FakeApis.pageAfter;
import static contractflow.support.FakeApis.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import contractflow.contract.Json;
import contractflow.run.Runs;
import contractflow.support.ContractFlowTest;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.main.MainConfigurationProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Another program begins a run by a call, and looks how it is going by another. */
class BeginRunTest extends ContractFlowTest {

    private static final String TOKEN = "server-secret-0123456789";

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private int port;

    @Override
    protected void configure(MainConfigurationProperties camel) {
        super.configure(camel);
        load(camel, "page", "service");
    }

    @Override
    protected Map<String, String> settings() throws Exception {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        return Map.of("server.port", String.valueOf(port), "camel.server.enabled", "true", "server.token", TOKEN);
    }

    private static JsonNode documentation() throws IOException {
        return new YAMLMapper().readTree(new File("docs/openapi.yaml"));
    }

    /** The answer is one of those that docs/openapi.yaml has for the call, with its fields and no other. */
    private static HttpResponse<String> asDocumented(String call, HttpResponse<String> answer) throws IOException {
        JsonNode documented = documentation().at("/paths/" + call + "/responses/" + answer.statusCode());
        assertThat(documented.isMissingNode())
                .as("%s answers %s %s", call, answer.statusCode(), answer.body())
                .isFalse();
        JsonNode described = documented.has("$ref")
                ? documentation().at(documented.get("$ref").asText().substring(1))
                : documented;
        JsonNode schema = described
                .path("content")
                .path(answer.headers().firstValue("Content-Type").orElseThrow())
                .path("schema");
        List<String> fields = new ArrayList<>();
        schema.path("properties").fieldNames().forEachRemaining(fields::add);
        assertThat(json(answer).fieldNames()).toIterable().containsExactlyInAnyOrderElementsOf(fields);
        return answer;
    }

    private HttpResponse<String> post(String body, String token) throws Exception {
        return asDocumented("~1runs/post", send(body, token));
    }

    private HttpResponse<String> send(String body, String token) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/runs"))
                        .header("Content-Type", "application/json")
                        .header("X-ContractFlow-Token", token)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
        return asDocumented("~1runs~1{run}/get", client.send(request, HttpResponse.BodyHandlers.ofString()));
    }

    private static JsonNode json(HttpResponse<String> answer) throws IOException {
        return Json.exact().readTree(answer.body());
    }

    @Test
    void feedOfTheFolder_isRun_andItsNumberAndStateAreAnswered() throws Exception {
        apis.netsuite().stubFor(contract("C-1").willReturn(record(2000)));
        feed("contracts.csv", "contract_id,customer_id\nC-1,K-1\nC-2,K-2\n");

        HttpResponse<String> begun = post("{\"feed\": \"contracts.csv\"}", TOKEN);

        assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
        assertThat(begun.headers().firstValue("Location")).contains("/runs/1");
        assertThat(json(begun).toString()).isEqualTo("{\"feed\":\"contracts.csv\",\"run\":1}");
        assertThat(json(get("/runs/1")).at("/run/status").asText()).isEqualTo("running");
        assertThat(post("{\"feed\": \"contracts.csv\"}", TOKEN))
                .returns(409, HttpResponse::statusCode)
                .satisfies(busy -> assertThat(busy.body()).contains("run 1 is going on"));

        await().until(() -> json(get("/runs/1")).at("/run/status").asText().equals("complete"));
        assertThat(json(get("/runs/1")).at("/run/loaded").asLong()).isEqualTo(2);
        await().until(() -> Files.exists(folder.resolve("done/contracts.csv")));
    }

    @Test
    void callWithoutABody_fetchesAFeedAndRunsIt() throws Exception {
        apis.netsuite().stubFor(pageAfter(0).willReturn(page(false, listed(1), listed(2))));

        HttpResponse<String> begun = post("", TOKEN);

        assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
        assertThat(json(begun).get("feed").asText()).startsWith("netsuite-contracts-");
        assertThat(json(begun).get("run").asLong()).isEqualTo(1);
        await().until(() -> json(get("/runs/1")).at("/run/status").asText().equals("complete"));

        apis.netsuite().stubFor(pageAfter(0).willReturn(netsuiteError(400, "INVALID_SEARCH", "no such column")));
        await().until(() ->
                context.getRegistry().lookupByNameAndType("runs", Runs.class).activeJobName() == null);
        HttpResponse<String> refused = post("", TOKEN);
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(502);
        assertThat(refused.body()).contains("no feed was fetched: ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"feed\": \"../contracts.csv\"}    | 400",
                "{\"feed\": \"/etc/contracts.csv\"}  | 400",
                "{\"feed\": \"notes.txt\"}           | 400",
                "{\"feed\": \"contracts.csv\", \"a\": 1} | 400",
                "{\"feed\": 7}                         | 400",
                "[]                                      | 400",
                "{                                       | 400",
                "{\"feed\": \"absent.csv\"}          | 404",
            })
    void orderThatIsNotUnderstood_isRefusedAndNothingIsRun(String body, int status) throws Exception {
        feed("notes.txt", "no feed");

        HttpResponse<String> refused = post(body, TOKEN);

        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(status);
        assertThat(refused.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(query("SELECT run_id FROM run")).isEmpty();
    }

    @Test
    void callWithoutTheToken_isRefused_andUnknownRunsAreNotFound() throws Exception {
        assertThat(post("", "another-token-0123456789").statusCode()).isEqualTo(401);
        for (String run : new String[] {"1", "0", "x", "99999999999999999999", "1%27"}) {
            assertThat(get("/runs/" + run).statusCode()).as(run).isEqualTo(404);
        }
    }
}
