package contractflow.page;

import static contractflow.support.FakeApis.anyContract;
import static contractflow.support.FakeApis.contract;
import static contractflow.support.FakeApis.netsuiteError;
import static contractflow.support.FakeApis.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import contractflow.feed.Feed;
import contractflow.run.FeedLock;
import contractflow.run.Runs;
import contractflow.support.ContractFlowTest;
import contractflow.support.RouteFiles;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.main.MainConfigurationProperties;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.ParseException;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.junit.jupiter.api.Test;

/** What the server answers to the status page and to other clients. */
class PageTest extends ContractFlowTest {

    private static final String TOKEN = "server-secret-0123456789";

    /** What they show is asked for by a number or an id. */
    private static final List<String> OF_ONE_THING = List.of("/api/report", "/api/contract", "/runs/1");

    private static final List<String> FILES =
            List.of("/page.css", "/page.js", "/icon.svg", "/advice.json", "/uplot.css", "/uplot.js");

    private int port;

    private record Answer(int status, Map<String, String> headers, String body) {

        JsonNode json() throws IOException {
            return new ObjectMapper().readTree(body);
        }

        String detail() throws IOException {
            assertThat(headers).containsEntry("content-type", "application/problem+json");
            return json().path("detail").asText();
        }
    }

    @Override
    protected void configure(MainConfigurationProperties camel) {
        super.configure(camel);
        load(camel, "page");
    }

    @Override
    protected Map<String, String> settings() throws Exception {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        return Map.of("server.port", String.valueOf(port), "camel.server.enabled", "true", "server.token", TOKEN);
    }

    @Test
    void everyDoorIsGuarded() throws Exception {
        List<RouteFiles.Part> doors = RouteFiles.routeFiles().stream()
                .filter(file -> !file.isSandbox())
                .flatMap(file -> file.parts("route").stream())
                .filter(route -> route.node().at("/from/uri").asText().startsWith("platform-http:"))
                .toList();

        assertThat(doors).hasSizeGreaterThan(10);
        for (RouteFiles.Part door : doors) {
            String method =
                    door.node().at("/from/parameters/httpMethodRestrict").asText();
            String pattern = door.node()
                    .at("/from/uri")
                    .asText()
                    .replace("platform-http:", "")
                    .replace("{run}", "1");
            for (String path : pattern.equals("/{file}") ? FILES : List.of(pattern)) {
                Answer stranger = send(
                        method, path + "?Set-Cookie=a&Content-Type=text/html", Map.of("Host", "evil.example"), "{}");
                assertThat(stranger.status).as("%s", door).isEqualTo(421);
                assertThat(stranger.detail()).contains("server.names").doesNotContain("evil");
                assertProtected(stranger);
                Answer ours = send(method, path, Map.of(), "{}");
                assertThat(ours.status)
                        .as("%s", door)
                        .isEqualTo(OF_ONE_THING.contains(path) ? 404 : method.equals("GET") ? 200 : 415);
                assertProtected(ours);
            }
        }
        assertThat(send("GET", "/application.properties", Map.of(), "").status).isEqualTo(404);
        assertThat(send("GET", "/api/replay", Map.of(), "").status).isEqualTo(405);
    }

    private static void assertProtected(Answer answer) {
        assertThat(answer.headers)
                .containsEntry("x-content-type-options", "nosniff")
                .containsEntry("cross-origin-resource-policy", "same-origin")
                .containsKey("cache-control")
                .doesNotContainKeys("set-cookie", "access-control-allow-origin")
                .hasEntrySatisfying(
                        "content-security-policy",
                        policy -> assertThat(policy)
                                .contains("default-src 'none'", "frame-ancestors 'none'")
                                .doesNotContain("unsafe"));
    }

    @Test
    void tableThatIsLockedIsNotWaitedForLong() throws Exception {
        try (Connection other = DriverManager.getConnection(databaseUrl);
                Statement sql = other.createStatement()) {
            other.setAutoCommit(false);
            sql.execute("LOCK TABLE run IN ACCESS EXCLUSIVE MODE");

            CompletableFuture<Answer> answer = CompletableFuture.supplyAsync(() -> {
                try {
                    return send("GET", "/api/runs", Map.of(), "");
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(answer.get(10, TimeUnit.SECONDS).status).isEqualTo(503);
        }
        assertThat(send("GET", "/api/runs", Map.of(), "").status).isEqualTo(200);
    }

    @Test
    void outcomeOfARun_isReported() throws Exception {
        apis.netsuite()
                .stubFor(contract("C-2").willReturn(netsuiteError(404, "NONEXISTENT_ID", "There is no such record.")));
        run(feed("contracts.csv", "contract_id,customer_id\nC-1,K-1\nC-2,K-2\n,K-3\n"));
        execute(
                "INSERT INTO run_sample VALUES (1, now() - interval '9 s', 10, 0, 0, '[]'), (1, now() - interval '7 s', 12, 100, 3,"
                        + " '[{\"api\": \"netsuite\", \"calls\": 50, \"call_seconds\": 20.5}]')");

        JsonNode last = get("/api/runs").json().path(0);
        assertThat(last.path("loaded").intValue()).isEqualTo(1);
        assertThat(last.path("dead").intValue()).isEqualTo(2);
        assertThat(get("/api/status").json())
                .isEqualTo(
                        new ObjectMapper()
                                .readTree(
                                        "{\"runs\": [], \"version\": \"from its sources\", \"usage_period\": \"2026-10\", \"may_act\": true, \"replaying\": false, \"replay_problem\": null}"));
        assertThat(get("/api/reasons").json()).isEqualTo(new ObjectMapper().readTree("""
                [{"reason": "404 NONEXISTENT_ID", "stages": {"netsuite": 1}, "letters": 1, "replayable": 1},
                 {"reason": "malformed row", "stages": {"feed": 1}, "letters": 1, "replayable": 0}]"""));
        JsonNode letter = get("/api/dead-letters?reason=malformed%20row").json().path(0);
        assertThat(letter.path("row").textValue()).isEqualTo("{\"contract_id\": \"\", \"customer_id\": \"K-3\"}");
        JsonNode second = get("/api/samples?run=1").json().path(1);
        assertThat(second.path("per_second").decimalValue()).isEqualByComparingTo("50");
        assertThat(second.at("/latency_ms/netsuite").decimalValue()).isEqualByComparingTo("410");
    }

    @Test
    void visitorsWhoWaitForTheWarehouseLeaveRoomForOthers() throws Exception {
        HttpClient browser =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(databaseUrl);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE run");
            for (int i = 0; i < 40; i++) {
                waiting.add(browser.sendAsync(request("/api/runs"), HttpResponse.BodyHandlers.ofString()));
            }
            await().until(() ->
                    waiting.stream().filter(CompletableFuture::isDone).count() == 34);

            assertThat(browser.send(request("/api/status"), HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);
        }
        assertThat(waiting.stream().map(answer -> answer.join().statusCode()).filter(status -> status == 200))
                .hasSize(6);
        assertThat(waiting.stream()
                        .map(answer -> answer.join().body())
                        .filter(body -> body.contains("too many ask at once")))
                .hasSize(34);
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
    }

    @Test
    void deadLetters_areShownAHundredAtATime() throws Exception {
        execute("INSERT INTO run (feed, feed_sha256, usage_period, status) VALUES ('a', 'a', '2026-10', 'complete')");
        execute(
                "INSERT INTO dead_letter (run_id, line_number, row, stage, reason, error, attempts)"
                        + " SELECT 1, n, '{}', 'usage', CASE WHEN n = 7 THEN 'other' ELSE 'it''s 100 %' END, 'e', 1 FROM generate_series(1, 151) n");

        JsonNode first = get("/api/dead-letters?reason=it's%20100%20%25").json();
        assertThat(first).hasSize(100);
        JsonNode rest = get("/api/dead-letters?reason=it's%20100%20%25&after="
                        + first.path(99).path("dead_letter_id"))
                .json();
        assertThat(rest).hasSize(50);
        assertThat(rest.path(0).path("line_number").intValue()).isEqualTo(102);

        for (String query : List.of("reason=a&reason=b", "reason=%00", "after=-1", "after=1%20OR%201=1", "run=1e9")) {
            assertThat(get("/api/dead-letters?" + query).status).as(query).isEqualTo(400);
        }
    }

    @Test
    void replayThatAnotherProcessIsAtIsRefused() throws Exception {
        apis.netsuite()
                .stubFor(contract("C-1").willReturn(netsuiteError(404, "NONEXISTENT_ID", "There is no such record.")));
        run(feedOf(1));
        apis.netsuite().stubFor(contract("C-1").willReturn(record(0)));
        Feed letters = Feed.ofDeadLetters();
        FeedLock other = new FeedLock();
        other.setCamelContext(context());

        other.acquire(letters);
        Answer refused = replay("{\"reason\": \"404 NONEXISTENT_ID\"}");
        assertThat(refused.status).isEqualTo(409);
        assertThat(refused.detail()).contains("is being worked on by contractflow, process");
        other.release(letters);

        for (String order : List.of(
                "", "[]", "{\"reason\": 1}", "{\"run\": \"1\"}", "{\"all\": true}", "{\"reason\": \"\\u0000\"}")) {
            assertThat(replay(order).status).as(order).isEqualTo(400);
        }
        assertThat(replay("{\"reason\": \"another\"}").detail()).contains("no open dead letter");
        assertThat(replay("{\"reason\": \"404 NONEXISTENT_ID\", \"run\": 1}").status)
                .isEqualTo(202);
        await().until(() -> value("SELECT count(*) FROM dead_letter WHERE status = 'replayed'")
                .equals(1L));
        // It has given the lock back.
        await().until(() -> !get("/api/status").json().path("replaying").booleanValue());
        other.acquire(letters);
        other.release(letters);
    }

    @Test
    void replayEndsWithTheProcess() throws Exception {
        apis.netsuite()
                .stubFor(anyContract().willReturn(netsuiteError(404, "NONEXISTENT_ID", "There is no such record.")));
        run(feedOf(1));
        execute("UPDATE run SET usage_period = '2026-09'");
        run(feed("other.csv", "contract_id,customer_id\nC-2,K-2\n"));
        apis.netsuite().resetRequests();
        apis.netsuite().stubFor(anyContract().willReturn(record(1000)));

        assertThat(replay("{}").status).isEqualTo(202);
        await().until(() -> apis.netsuiteCalls() == 1);
        context().getRegistry().lookupByNameAndType("runs", Runs.class).stopAll("stopped");

        await().until(() -> !get("/api/status").json().path("replaying").booleanValue());
        assertThat(query("SELECT usage_period, loaded FROM run WHERE feed = 'dead letters'"))
                .as("the first month is finished, the second is not begun")
                .containsExactly(Map.of("usage_period", "2026-09", "loaded", 1L));
    }

    @Test
    void replayThatFailsSaysSoAndCanBeDoneAgain() throws Exception {
        apis.netsuite()
                .stubFor(contract("C-1").willReturn(netsuiteError(404, "NONEXISTENT_ID", "There is no such record.")));
        run(feedOf(1));
        execute("ALTER TABLE feed_row RENAME TO elsewhere");

        assertThat(replay("{}").status).isEqualTo(202);
        await().until(() -> get("/api/status")
                .json()
                .path("replay_problem")
                .asText()
                .contains("relation \"feed_row\" does not exist"));

        execute("ALTER TABLE elsewhere RENAME TO feed_row");
        await().until(() -> replay("{}").status == 202);
        await().until(() -> get("/api/status").json().path("replay_problem").isNull());
    }

    @Test
    void lookupsShowWhatTheCommandsShow() throws Exception {
        apis.netsuite()
                .stubFor(contract("C-2")
                        .willReturn(netsuiteError(404, "NONEXISTENT_ID", "=cmd|' <script>alert(1)</script>")));
        run(feed("contracts.csv", "contract_id,customer_id\nC-1,K-1\nC-2,K-2\n=1+1,K-3\n"));
        execute("UPDATE dead_letter SET error = '=' || error");

        assertThat(get("/api/contract?id=C-2").json().at("/runs/0/outcome").asText())
                .isEqualTo("dead");
        assertThat(get("/api/contract?id=C-3").detail()).contains("this contract is unknown");
        assertThat(get("/api/feeds").json())
                .isEqualTo(
                        new ObjectMapper()
                                .readTree(
                                        "{\"feeds\": [], \"problem\": null, \"next_fetch\": null, \"every\": null, \"standby\": null}"));
        JsonNode night = get("/api/nights").json().path(0);
        assertThat(night.path("rows").intValue()).isEqualTo(3);
        assertThat(night.path("dead").intValue()).isEqualTo(1);

        Answer csv = get("/api/dead-letters.csv?reason=404%20NONEXISTENT_ID");
        assertProtected(csv);
        assertThat(csv.headers).containsEntry("content-type", "text/csv; charset=utf-8");
        assertThat(csv.body.lines()).hasSize(2).last().asString().contains(",C-2,", "'=netsuite answered 404");
        assertThat(csv.headers).containsEntry("content-disposition", "attachment; filename=dead-letters.csv");
        assertThat(get("/api/dead-letters.csv?reason=none").body).isEmpty();

        Answer report = get("/api/report?run=1");
        assertProtected(report);
        assertThat(report.headers).containsEntry("content-type", "text/html; charset=utf-8");
        assertThat(report.headers.get("content-security-policy")).contains("style-src 'sha256-");
        assertThat(report.body).contains("Run 1 of contracts.csv").doesNotContain("<script>");
        assertThat(get("/api/report?run=2").status).isEqualTo(404);
    }

    @Test
    void csvThatLeavesDeadLettersOutSaysSoInItsName() throws Exception {
        execute("INSERT INTO run (feed, feed_sha256, usage_period, status) VALUES ('a', 'a', '2026-10', 'complete')");
        execute("INSERT INTO dead_letter (run_id, line_number, row, stage, reason, error, attempts)"
                + " SELECT 1, n, '{}', 'usage', 'r', 'e', 1 FROM generate_series(1, 50000) n");
        assertThat(get("/api/dead-letters.csv").headers)
                .containsEntry("content-disposition", "attachment; filename=dead-letters.csv");

        execute(
                "INSERT INTO dead_letter (run_id, line_number, row, stage, reason, error, attempts) VALUES (1, 50001, '{}', 'usage', 'r', 'e', 1)");
        Answer csv = get("/api/dead-letters.csv");
        assertThat(csv.headers)
                .containsEntry("content-disposition", "attachment; filename=dead-letters-oldest-50000.csv");
        assertThat(csv.body.lines()).hasSize(50001).last().asString().contains(",50000,");
    }

    @Test
    void discardClosesWhatTheUserHasSeenAndKeepsWhy() throws Exception {
        apis.netsuite()
                .stubFor(anyContract().willReturn(netsuiteError(404, "NONEXISTENT_ID", "There is no such record.")));
        run(feedOf(3));

        for (String order : List.of(
                "",
                "{}",
                "{\"reason\": \"404 NONEXISTENT_ID\"}",
                "{\"reason\": \"a\", \"because\": \" \", \"dead_letters\": 1}",
                "{\"reason\": \"a\", \"because\": \"b\", \"dead_letters\": 0}",
                "{\"reason\": \"a\", \"because\": \"b\\u0000\", \"dead_letters\": 1}",
                "{\"reason\": \"a\", \"because\": \"b\", \"dead_letters\": 1, \"run\": 1}")) {
            assertThat(act("discard", order).status).as(order).isEqualTo(400);
        }
        Answer done =
                act("discard", "{\"reason\": \"404 NONEXISTENT_ID\", \"because\": \"sold'; --\", \"dead_letters\": 2}");
        assertThat(done.status).isEqualTo(200);
        assertThat(done.json().path("discarded").intValue()).isEqualTo(2);
        assertThat(query("SELECT status, because FROM dead_letter ORDER BY dead_letter_id"))
                .extracting(row -> row.get("status") + " " + row.get("because"))
                .containsExactly("discarded sold'; --", "discarded sold'; --", "open null");
    }

    @Test
    void replayThatLoadsNothingSaysOfWhichReason() throws Exception {
        apis.netsuite()
                .stubFor(anyContract().willReturn(netsuiteError(404, "NONEXISTENT_ID", "There is no such record.")));
        run(feedOf(2));

        assertThat(replay("{}").status).isEqualTo(202);
        await().until(() ->
                get("/api/runs").json().path(0).path("status").asText().equals("complete")
                        && get("/api/runs").json().path(0).path("replay").booleanValue());
        assertThat(get("/api/runs").json().path(0).path("dead_again").toString())
                .isEqualTo("[{\"stage\":\"netsuite\",\"reason\":\"404 NONEXISTENT_ID\",\"dead_letters\":2}]");
        assertThat(get("/api/runs").json().path(1).path("dead_again").isNull()).isTrue();
    }

    private Answer act(String what, String order) throws IOException {
        return send(
                "POST",
                "/api/" + what,
                Map.of(PageAccess.TOKEN_HEADER, TOKEN, "Content-Type", "application/json"),
                order);
    }

    private Answer replay(String order) throws IOException {
        return act("replay", order);
    }

    private Answer get(String path) throws IOException {
        return send("GET", path, Map.of(), "");
    }

    private Answer send(String method, String path, Map<String, String> headers, String body) throws IOException {
        HttpUriRequestBase request = new HttpUriRequestBase(method, URI.create("http://127.0.0.1:" + port + path));
        if (method.equals("POST")) {
            request.setEntity(new StringEntity(body, (ContentType) null));
        }
        headers.forEach(request::setHeader);
        try (CloseableHttpClient client = HttpClients.createMinimal()) {
            return client.execute(request, PageTest::answer);
        }
    }

    private static Answer answer(ClassicHttpResponse response) throws IOException {
        Map<String, String> headers = new TreeMap<>();
        for (Header header : response.getHeaders()) {
            headers.put(header.getName().toLowerCase(Locale.ROOT), header.getValue());
        }
        try {
            return new Answer(response.getCode(), headers, EntityUtils.toString(response.getEntity()));
        } catch (ParseException e) {
            throw new IOException(e);
        }
    }
}
