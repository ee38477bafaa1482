package contractflow.feed.netsuite;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static contractflow.support.FakeApis.listed;
import static contractflow.support.FakeApis.netsuiteError;
import static contractflow.support.FakeApis.page;
import static contractflow.support.FakeApis.pageAfter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import contractflow.contract.Json;
import contractflow.failure.FeedUnreadable;
import contractflow.failure.RunStopped;
import contractflow.failure.api.ServiceUnavailable;
import contractflow.failure.api.Unauthorized;
import contractflow.run.Runs;
import contractflow.support.ContractFlowTest;
import contractflow.support.FakeApis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What NetSuite lists becomes a feed, page by page; where it does not, no file is left that could be taken for one. */
@Tag("slow")
class FetchTest extends ContractFlowTest {

    @Override
    protected Map<String, String> settings() {
        // Two tries come well within the wait, so that the one is not taken for the other.
        return Map.of(
                "api.max-attempts", "2",
                "api.max-wait", "3s",
                "netsuite.timeout", "5s",
                "feed.directory", folder.resolve("feeds").toString());
    }

    @Test
    void pagesBecomeOneFeedWithEveryColumnInTheOrderOfTheIds() throws Exception {
        apis.netsuite()
                .stubFor(
                        pageAfter(0)
                                .willReturn(
                                        page(
                                                true,
                                                "{\"links\":[],\"contract_id\":\"1\",\"customer_id\":\"7\",\"customer_name\":\"Zoë \\\"Z\\\"\"}")));
        apis.netsuite()
                .stubFor(pageAfter(1).willReturn(page(true, listed(20), "{\"contract_id\":\"300\",\"region\":null}")));
        apis.netsuite().stubFor(pageAfter(300).willReturn(page(false, listed(9_000_000_000L))));

        Path feed = fetch();

        assertThat(feed.getFileName().toString()).matches("netsuite-contracts-\\d{8}T\\d{6}Z\\.ndjson");
        assertThat(Files.readAllLines(feed).stream().map(Json::read))
                .containsExactly(
                        Json.read("{\"contract_id\":\"1\",\"customer_id\":\"7\",\"customer_name\":\"Zoë \\\"Z\\\"\"}"),
                        Json.read("{\"contract_id\":\"20\",\"customer_id\":\"720\"}"),
                        Json.read("{\"contract_id\":\"300\",\"region\":null}"),
                        Json.read("{\"contract_id\":\"9000000000\",\"customer_id\":\"79000000000\"}"));
        assertThat(files()).containsExactly(feed.getFileName().toString());
        assertThat(apis.netsuiteCalls()).isEqualTo(3);
        assertThat(query("SELECT feed, rows, started_at <= fetched_at AS in_order FROM fetched_feed"))
                .containsExactly(Map.of("feed", feed.getFileName().toString(), "rows", 4L, "in_order", true));
    }

    @Test
    void feedThatWasFetchedRunsLikeAnyOther() throws Exception {
        apis.netsuite().stubFor(pageAfter(0).willReturn(page(false, listed(1), listed(2))));

        assertThat(run(fetch())).containsEntry("status", "complete").containsEntry("loaded", 2L);
    }

    static Stream<ResponseDefinitionBuilder> errors() {
        return Stream.of(
                netsuiteError(500, "UNEXPECTED_ERROR", "An unexpected error occurred."),
                netsuiteError(503, "SERVICE_UNAVAILABLE", "Down for maintenance."),
                aResponse().withBody("<html>maintenance</html>"),
                aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER),
                netsuiteError(401, "INVALID_LOGIN", "Invalid login attempt."));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void pageThatFailsIsAskedForAgainAndNoOtherIs(ResponseDefinitionBuilder error) throws Exception {
        apis.netsuite().stubFor(pageAfter(0).willReturn(page(true, listed(1), listed(2))));
        failFirst(2, 1, error, page(true, listed(3)));
        apis.netsuite().stubFor(pageAfter(3).willReturn(page(false, listed(4))));

        assertThat(fetch()).content().isEqualTo(lines(1, 2, 3, 4));
        assertThat(List.of(apis.pageCalls(0), apis.pageCalls(2), apis.pageCalls(3)))
                .containsExactly(1, 2, 1);
    }

    @Test
    void refusalsForGoingTooFastDoNotCountAsTries() throws Exception {
        apis.netsuite().stubFor(pageAfter(0).willReturn(page(true, listed(1))));
        failFirst(
                1,
                4,
                netsuiteError(429, "CONCURRENCY_LIMIT_EXCEEDED", "Limit exceeded.")
                        .withHeader("Retry-After", "0.1"),
                page(false, listed(2)));

        assertThat(fetch()).content().isEqualTo(lines(1, 2));
        assertThat(apis.pageCalls(1)).isEqualTo(5);
    }

    @Test
    void credentialsThatAreRefusedTwiceEndTheFetch() throws Exception {
        apis.netsuite().stubFor(pageAfter(0).willReturn(netsuiteError(401, "INVALID_LOGIN", "Invalid login attempt.")));

        assertThatThrownBy(this::fetch).isInstanceOf(Unauthorized.class).hasMessageContaining("401 INVALID_LOGIN");
        assertThat(apis.netsuiteCalls()).isEqualTo(2);
        assertThat(files()).isEmpty();
    }

    @Test
    void netsuiteThatStaysUnavailable_endsTheFetch() throws Exception {
        apis.netsuite().stubFor(pageAfter(0).willReturn(page(true, listed(1))));
        apis.netsuite().stubFor(pageAfter(1).willReturn(netsuiteError(503, "SERVICE_UNAVAILABLE", "Down.")));

        assertThatThrownBy(this::fetch)
                .isInstanceOf(RunStopped.class)
                .hasMessageStartingWith("netsuite has been unavailable for more than 3 s: netsuite answered 503");
        assertThat(files()).isEmpty();
        assertThat(query("SELECT * FROM fetched_feed")).isEmpty();
    }

    @Test
    void queryThatFailsWhileRecordsAreAnsweredIsGivenUpAfterItsTries() throws Exception {
        run(feedOf(3));
        apis.netsuite().stubFor(pageAfter(0).willReturn(netsuiteError(500, "UNEXPECTED_ERROR", "Too complex.")));

        assertThatThrownBy(this::fetch)
                .isInstanceOf(ServiceUnavailable.class)
                .hasMessageContaining("500 UNEXPECTED_ERROR");
        assertThat(apis.pageCalls(0)).isEqualTo(2);
    }

    @Test
    void queryThatNetsuiteRefusesIsNamed() throws Exception {
        apis.netsuite()
                .stubFor(pageAfter(0).willReturn(netsuiteError(400, "INVALID_PARAMETER", "Field region not found.")));

        assertThatThrownBy(this::fetch)
                .isInstanceOf(FeedUnreadable.class)
                .hasMessageContaining("sql/netsuite-contracts.sql")
                .hasMessageContaining("400 INVALID_PARAMETER: Field region not found.");
        assertThat(apis.netsuiteCalls()).isEqualTo(1);
        assertThat(files()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"2 OR 1=1\"", "\"2.5\"", "\"\"", "null", "{}", "\"99999999999999999999\""})
    void idThatIsNoWholeNumberEndsTheFetchAndIsNeverSent(String id) throws Exception {
        apis.netsuite()
                .stubFor(pageAfter(0)
                        .willReturn(page(true, listed(1), "{\"contract_id\":" + id + ",\"customer_id\":\"7\"}")));

        assertThatThrownBy(this::fetch)
                .isInstanceOf(FeedUnreadable.class)
                .hasMessageStartingWith("row 2 of NetSuite's list has no contract_id that is a whole number");
        assertThat(apis.netsuiteCalls()).isEqualTo(1);
        assertThat(files()).isEmpty();
    }

    @Test
    void rowsThatAreNotInTheOrderOfTheirIdsEndTheFetch() throws Exception {
        apis.netsuite().stubFor(pageAfter(0).willReturn(page(true, listed(1), listed(3), listed(2))));
        assertThatThrownBy(this::fetch)
                .isInstanceOf(FeedUnreadable.class)
                .hasMessageStartingWith("contract_id 2 comes after 3");

        apis.netsuite().stubFor(pageAfter(0).willReturn(page(true, listed(1), listed(1))));
        assertThatThrownBy(this::fetch)
                .isInstanceOf(FeedUnreadable.class)
                .hasMessageStartingWith("contract_id 1 comes after 1");
        assertThat(files()).isEmpty();
    }

    @Test
    void emptyListIsNoFeed() throws Exception {
        apis.netsuite().stubFor(pageAfter(0).willReturn(page(false)));

        assertThatThrownBy(this::fetch)
                .isInstanceOf(FeedUnreadable.class)
                .hasMessageStartingWith("NetSuite lists no contract");
        assertThat(files()).isEmpty();
    }

    @Test
    void answerThatIsNoPageEndsTheFetch() throws Exception {
        apis.netsuite().stubFor(pageAfter(0).willReturn(FakeApis.json("{\"items\":[]}")));
        assertThatThrownBy(this::fetch)
                .isInstanceOf(FeedUnreadable.class)
                .hasMessageContaining("not a page of a query");

        apis.netsuite().stubFor(pageAfter(0).willReturn(page(true)));
        assertThatThrownBy(this::fetch)
                .isInstanceOf(FeedUnreadable.class)
                .hasMessageContaining("more after contract 0, but gives nothing");
    }

    @Test
    void feedHasItsNameWhenItIsWholeAndNoSecondFetchBeginsBefore() throws Exception {
        Path leftover = Files.createDirectories(folder.resolve("feeds")).resolve(".netsuite-contracts-1.part");
        Files.writeString(leftover, "{\"contract_id\":\"half");
        apis.netsuite().stubFor(pageAfter(0).willReturn(page(true, listed(1))));
        apis.netsuite().stubFor(pageAfter(1).willReturn(page(false, listed(2)).withFixedDelay(1500)));

        CompletableFuture<Path> fetch = CompletableFuture.supplyAsync(this::fetch);
        await().until(() -> apis.pageCalls(1) == 1);

        assertThat(files())
                .singleElement()
                .asString()
                .matches("\\.netsuite-contracts-.*\\.part")
                .isNotEqualTo(leftover.getFileName().toString());
        assertThatThrownBy(this::fetch)
                .hasMessageStartingWith("the feed from NetSuite is being worked on by contractflow, process ");
        assertThat(fetch.join()).content().isEqualTo(lines(1, 2));
        assertThat(files()).containsExactly(fetch.join().getFileName().toString());
    }

    @Test
    void folderThatCannotBeWrittenIsNamedBeforeAnybodyIsAsked() throws Exception {
        Files.writeString(folder.resolve("feeds"), "no folder");

        assertThatThrownBy(this::fetch)
                .isInstanceOf(FeedUnreadable.class)
                .hasMessageStartingWith("feed.directory: no feed can be written");
        assertThat(apis.netsuiteCalls()).isZero();
    }

    @Test
    void processThatIsToStopAsksForNoMorePages() throws Exception {
        apis.netsuite().stubFor(pageAfter(0).willReturn(page(true, listed(1)).withFixedDelay(500)));
        CompletableFuture<Path> fetch = CompletableFuture.supplyAsync(this::fetch);
        await().until(() -> apis.pageCalls(0) == 1);

        context().getRegistry().lookupByNameAndType("runs", Runs.class).stopAll("stopped");

        assertThatThrownBy(fetch::join).hasRootCauseInstanceOf(RunStopped.class);
        assertThat(apis.netsuiteCalls()).isEqualTo(1);
        assertThat(files()).isEmpty();
    }

    private void failFirst(long after, int times, ResponseDefinitionBuilder error, ResponseDefinitionBuilder then) {
        for (int i = 0; i <= times; i++) {
            apis.netsuite()
                    .stubFor(pageAfter(after)
                            .inScenario("failing")
                            .whenScenarioStateIs(i == 0 ? Scenario.STARTED : "failed " + i)
                            .willSetStateTo(i == times ? "failed " + i : "failed " + (i + 1))
                            .willReturn(i == times ? then : error));
        }
    }

    /** Fetches a feed, which lies where the answer says. */
    private Path fetch() {
        Exchange result = template.request("direct:fetch-feed", exchange -> {});
        if (result.getException() instanceof RuntimeException e) {
            throw e;
        }
        if (result.getException() != null) {
            throw new IllegalStateException(result.getException().getMessage(), result.getException());
        }
        return result.getVariable("run", Fetch.class).path();
    }

    private List<String> files() throws IOException {
        if (!Files.isDirectory(folder.resolve("feeds"))) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder.resolve("feeds"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static String lines(long... contracts) {
        StringBuilder lines = new StringBuilder();
        for (long contract : contracts) {
            lines.append("{\"contract_id\":\"" + contract + "\",\"customer_id\":\"7" + contract + "\"}\n");
        }
        return lines.toString();
    }
}
