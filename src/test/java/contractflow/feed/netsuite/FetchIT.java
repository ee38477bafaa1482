package contractflow.feed.netsuite;

import static contractflow.support.FakeApis.listed;
import static contractflow.support.FakeApis.netsuiteError;
import static contractflow.support.FakeApis.page;
import static contractflow.support.FakeApis.pageAfter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import contractflow.api.oauth.ClientAssertion;
import contractflow.contract.Json;
import contractflow.report.ExitCode;
import contractflow.support.ChildProcess;
import contractflow.support.Guide;
import contractflow.support.Observed;
import contractflow.support.ProcessTest;
import contractflow.support.Promtool;
import contractflow.support.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Fetching as a person sees it, by the command and by the service. */
class FetchIT extends ProcessTest {

    @Test
    void feedThatIsFetchedByHandIsTakenByTheServiceBesideIt() throws Exception {
        apis.netsuite().stubFor(pageAfter(0).willReturn(page(false, listed(1), listed(2))));
        environment.put("SERVER_PORT", String.valueOf(freePort()));

        try (ChildProcess service = start()) {
            await().atMost(Duration.ofSeconds(30)).until(() -> !service.isAlive() || Files.isDirectory(feeds()));
            try (ChildProcess fetch = start("fetch")) {
                assertThat(fetch.exitCode()).as(fetch.output()).isZero();
                assertThat(fetch.output())
                        .containsPattern(
                                "feeds/netsuite-contracts-\\S+Z\\.ndjson holds the 2 contracts that NetSuite lists");
                fetch.assertFitToRead();
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> Files.isDirectory(feeds().resolve("done")));
            service.terminate();
            service.exitCode();
            assertThat(service.output()).contains("COMPLETE");
            service.assertFitToRead();
        }
        assertThat(query("SELECT loaded FROM run")).containsExactly(Map.of("loaded", 2L));
    }

    @Test
    void fetchDoesNotRunTheFeed() throws Exception {
        apis.netsuite().stubFor(pageAfter(0).willReturn(page(false, listed(1))));
        environment.put("SCHEDULE_EVERY", "100ms");

        try (ChildProcess fetch = start("fetch")) {
            assertThat(fetch.exitCode()).as(fetch.output()).isZero();
        }
        assertThat(apis.netsuiteCalls()).isEqualTo(1);
        assertThat(query("SELECT * FROM run")).isEmpty();

        // Nor does a run by hand fetch one.
        try (ChildProcess run = start("run", feedOf(2))) {
            assertThat(run.exitCode()).as(run.output()).isZero();
        }
        assertThat(apis.pageCalls(0)).isEqualTo(1);
    }

    @Test
    @Tag("slow")
    void netsuiteThatIsAwayTooLongOrRefusesTheCredentialsIsExitCode3() throws Exception {
        environment.put("API_MAX_WAIT", "1s");
        apis.netsuite().stubFor(pageAfter(0).willReturn(netsuiteError(503, "SERVICE_UNAVAILABLE", "Down.")));
        assertEnds(
                ExitCode.INCOMPLETE,
                "contractflow: no feed was fetched: netsuite has been unavailable for more than 1 s",
                "fetch");

        environment.put("NETSUITE_TOKEN", "another");
        assertEnds(
                ExitCode.INCOMPLETE, "contractflow: no feed was fetched: netsuite answered 401 INVALID_LOGIN", "fetch");
    }

    @Test
    void queryThatCannotBeAFeedIsExitCode1() throws Exception {
        apis.netsuite().stubFor(pageAfter(0).willReturn(page(false)));
        assertEnds(ExitCode.COULD_NOT_RUN, "contractflow: NetSuite lists no contract", "fetch");

        Guide.copy("sql", folder);
        Files.writeString(
                folder.resolve("sql/netsuite-contracts.sql"), "-- :after\nSELECT id AS contract_id FROM contract\n");
        assertEnds(ExitCode.COULD_NOT_RUN, "contractflow: sql/netsuite-contracts.sql has no :after", "fetch");
    }

    @Test
    void scheduleThatCannotBeIsNamedAtTheStart() throws Exception {
        environment.put("SCHEDULE_CRON", "at two");
        environment.put("SCHEDULE_EVERY", "24h");

        try (ChildProcess service = start()) {
            assertThat(service.exitCode()).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(service.output().lines()).hasSize(2);
            assertThat(service.output())
                    .contains("schedule.cron must be times in Quartz's syntax")
                    .contains("schedule.cron and schedule.every are both set");
            service.assertFitToRead();
        }
    }

    @Test
    void fetchThatIsKilledLeavesNoFeed() throws Exception {
        apis.netsuite().stubFor(pageAfter(0).willReturn(page(true, listed(1))));
        apis.netsuite().stubFor(pageAfter(1).willReturn(page(false, listed(2)).withFixedDelay(60_000)));
        try (ChildProcess fetch = start("fetch")) {
            await().atMost(Duration.ofSeconds(30)).until(() -> !fetch.isAlive() || apis.pageCalls(1) == 1);
            fetch.kill();
            fetch.exitCode();
        }
        assertThat(files()).singleElement().asString().startsWith(".").endsWith(".part");

        apis.netsuite().stubFor(pageAfter(1).willReturn(page(false, listed(2))));
        try (ChildProcess fetch = start("fetch")) {
            assertThat(fetch.exitCode()).as(fetch.output()).isZero();
        }
        assertThat(files()).singleElement().asString().startsWith("netsuite-contracts-");
    }

    @Test
    void nightThatWasMissedIsSaidAtTheStart() throws Exception {
        environment.put("SCHEDULE_CRON", "0 0 2 * * ?");
        environment.put("SERVER_PORT", String.valueOf(freePort()));
        assertThat(saidAtTheStart()).doesNotContain("was missed");

        apis.netsuite().stubFor(pageAfter(0).willReturn(page(false, listed(1))));
        try (ChildProcess fetch = start("fetch")) {
            assertThat(fetch.exitCode()).as(fetch.output()).isZero();
        }
        assertThat(saidAtTheStart()).doesNotContain("was missed");

        TestDatabase.query(databaseUrl, "UPDATE fetched_feed SET started_at = '2026-01-05T12:00Z' RETURNING feed");

        assertThat(saidAtTheStart())
                .contains("The fetch of 2026-01-06T02:00:00Z was missed; `contractflow.jar fetch` makes up for it");
    }

    @Test
    @Tag("slow")
    void sandbox_listsItsContractsForNetsuitesQuery() throws Exception {
        environment.keySet().removeIf(key -> !key.startsWith("WAREHOUSE_"));
        int port = freePort();
        environment.put("SERVER_PORT", String.valueOf(port));
        environment.put("SCHEDULE_EVERY", "1h");

        try (ChildProcess service = start("--profile", "sandbox")) {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> !service.isAlive() || service.output().contains(" holds the "));
            assertThat(service.output()).contains(" holds the 10000 contracts that NetSuite lists");
            assertThat(query(port, "limit=1000&offset=9000", "transient"))
                    .contains("\"contract_id\" : \"19999\"")
                    .contains("\"hasMore\" : false");
            assertThat(query(port, "limit=1000&offset=500", "transient")).contains("Invalid offset");
            Observed served = new Observed(port);
            assertThat(served.get("health/ready").statusCode()).isEqualTo(200);
            assertThat(served.get("health/live").statusCode()).isEqualTo(200);
            assertThat(served.scrape().names())
                    .as("metrics of the packaged process: ours, and those of the JVM")
                    .contains("contractflow_calls_total", "contractflow_contracts_total", "jvm_memory_used_bytes");
            Promtool.assertAcceptsMetrics(served.metrics());
            assertThat(query(port, "limit=2000&offset=0", "transient")).contains("Invalid limit");
            assertThat(query(port, "limit=1000&offset=0", "persistent"))
                    .contains("Invalid value for the header Prefer");
            service.assertFitToRead();
        }
        String fetched = files().stream()
                .filter(name -> name.startsWith("netsuite-"))
                .findFirst()
                .orElseThrow();
        try (Stream<String> lines = Files.lines(feeds().resolve(fetched))) {
            assertThat(lines.map(line -> Json.read(line).get("contract_id").asText()))
                    .containsExactlyElementsOf(
                            Files.readAllLines(Path.of("src/main/resources/sandbox/contracts.csv")).stream()
                                    .skip(1)
                                    .map(line -> line.substring(0, line.indexOf(',')))
                                    .toList());
        }
    }

    /** Asks the sandbox for contracts, and gives back its answer whatever it is. */
    private String query(int port, String page, String prefer) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/netsuite/services/rest/query/v1/suiteql?" + page))
                .header("Authorization", "Bearer " + token(port))
                .header("Content-Type", "application/json")
                .header("Prefer", prefer)
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"q\":\"SELECT c.id AS contract_id FROM contracts c ORDER BY c.id\"}"))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** An access token of the sandbox, for the key that it has made. */
    private String token(int port) throws Exception {
        String endpoint = "http://127.0.0.1:" + port + "/netsuite/services/rest/auth/oauth2/v1/token";
        ClientAssertion assertion = new ClientAssertion();
        assertion.setClientId("sandbox-client");
        assertion.setCertificateId("sandbox-certificate");
        assertion.setPrivateKeyFile(
                folder.resolve("data/sandbox-netsuite-key.pem").toString());
        assertion.setScope("rest_webservices");
        assertion.setAudience(endpoint);
        HttpRequest request = HttpRequest.newBuilder(URI.create(endpoint))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials&client_assertion_type="
                        + "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion="
                        + assertion.sign()))
                .build();
        String answer = HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
        return Json.read(answer).get("access_token").asText();
    }

    private String saidAtTheStart() throws Exception {
        try (ChildProcess service = start()) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> !service.isAlive() || service.output().contains("The next feed is fetched at"));
            service.terminate();
            service.exitCode();
            service.assertFitToRead();
            assertThat(service.output()).doesNotContain("Quartz");
            return service.output();
        }
    }

    private void assertEnds(int exitCode, String why, String... arguments) throws Exception {
        try (ChildProcess process = start(arguments)) {
            assertThat(process.exitCode()).as(process.output()).isEqualTo(exitCode);
            assertThat(process.output().lines())
                    .as(process.output())
                    .filteredOn(line -> line.startsWith(why))
                    .hasSize(1);
            process.assertFitToRead();
        }
        assertThat(files()).isEmpty();
    }

    private Path feeds() {
        return folder.resolve("feeds");
    }

    private List<String> files() throws IOException {
        if (!Files.isDirectory(feeds())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(feeds())) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
