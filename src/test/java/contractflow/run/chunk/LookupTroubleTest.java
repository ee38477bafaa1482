package contractflow.run.chunk;

import static contractflow.support.ManyApis.netsuiteError;
import static contractflow.support.ManyApis.usageProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import contractflow.contract.DeadLetterFilter;
import contractflow.process.Routes;
import contractflow.run.Runs;
import contractflow.support.ContractFlowTest;
import contractflow.support.ManyApis;
import contractflow.support.ManyApis.Answer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A bad night is a pause where many are asked for at once, too. */
@Tag("slow")
class LookupTroubleTest extends ContractFlowTest {

    private final ManyApis many = new ManyApis();

    @Override
    protected Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        settings.put("netsuite.base-url", many.baseUrl());
        settings.put("usage.base-url", many.baseUrl());
        settings.put("netsuite.contracts-per-call", "50");
        settings.put("usage.customers-per-call", "10");
        settings.put("api.max-wait", "60s");
        return settings;
    }

    @AfterEach
    void stopApis() {
        many.close();
    }

    private Path feedOf(int contracts, int perCustomer) throws Exception {
        return feed(
                "contracts.csv",
                IntStream.rangeClosed(1, contracts)
                        .mapToObj(i -> i + "," + (1000 + (i - 1) / perCustomer))
                        .collect(Collectors.joining("\n", "contract_id,customer_id\n", "\n")));
    }

    @Test
    void outageOfBothApisIsWaitedFor() throws Exception {
        AtomicInteger netsuite = new AtomicInteger();
        AtomicInteger usage = new AtomicInteger();
        many.latencyMillis = 20;
        // Some answers, then none for as many calls as open the breaker.
        many.onQuery = ids -> outage(netsuite);
        many.onGet = id -> outage(netsuite);
        many.onReport = ids -> outage(usage);

        assertThat(run(feedOf(2000, 2)))
                .containsEntry("status", "complete")
                .containsEntry("loaded", 2000L)
                .containsEntry("dead", 0L);
        assertThat(netsuite.get()).isGreaterThan(30);
    }

    private static Answer outage(AtomicInteger calls) {
        int call = calls.incrementAndGet();
        return call > 5 && call <= 30 ? new Answer(503, "<html>maintenance</html>") : null;
    }

    @Test
    void outageAtTheVeryBeginningIsWaitedFor() throws Exception {
        AtomicInteger netsuite = new AtomicInteger();
        many.onQuery = ids -> netsuite.incrementAndGet() <= 6 ? new Answer(502, "<html>bad gateway</html>") : null;
        many.onGet = id -> netsuite.incrementAndGet() <= 6 ? new Answer(502, "<html>bad gateway</html>") : null;

        assertThat(run(feedOf(300, 2)))
                .containsEntry("status", "complete")
                .containsEntry("loaded", 300L)
                .containsEntry("dead", 0L);
    }

    static Stream<Answer> failures() {
        return Stream.of(
                netsuiteError(500, "UNEXPECTED_ERROR", "An unexpected error occurred."),
                new Answer(503, "<html>maintenance</html>"),
                new Answer(404, "<html>default backend</html>"),
                new Answer(200, "<html>sign in</html>"),
                Answer.NONE);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void queriesThatAloneFail_areSuspended(Answer failure) throws Exception {
        many.onQuery = ids -> failure;

        assertThat(run(feedOf(1000, 2)))
                .containsEntry("status", "complete")
                .containsEntry("loaded", 1000L)
                .containsEntry("dead", 0L);
        // Each of twenty chunks has its attempts, but is not halved; it took 1,040 queries.
        assertThat(many.queries.size()).isLessThanOrEqualTo(110);
    }

    static Stream<Answer> failuresOfUsage() {
        return Stream.concat(
                failures(), Stream.of(usageProblem(400, "one at a time"), usageProblem(403, "not allowed")));
    }

    @ParameterizedTest
    @MethodSource("failuresOfUsage")
    void usageCallsForManyThatAloneFail_areSuspended(Answer failure) throws Exception {
        many.onReport = ids -> ids.size() > 1 ? failure : null;

        assertThat(run(feedOf(1000, 2)))
                .containsEntry("status", "complete")
                .containsEntry("loaded", 1000L)
                .containsEntry("dead", 0L);
        // The same, of fifty customers' calls.
        assertThat(many.reports.stream().filter(ids -> ids.size() > 1).count()).isLessThanOrEqualTo(250);
    }

    @Test
    void limitBelowTheSettingIsFound() throws Exception {
        many.latencyMillis = 50;
        many.netsuiteLimit = 5;

        assertThat(run(feedOf(3000, 2)))
                .containsEntry("status", "complete")
                .containsEntry("loaded", 3000L)
                .containsEntry("dead", 0L);
        // The second round is five, the third twice as many: that is where the limit shows.
        assertThat(many.refused.get()).isLessThanOrEqualTo(12);
    }

    @Test
    void stoppedRunIsResumedWithWhatIsLeft() throws Exception {
        many.latencyMillis = 50;
        Path feed = feedOf(4000, 2);
        CompletableFuture<Map<String, Object>> running = runInBackground(feed);
        await().until(() -> many.reports.size() > 20);
        context.getRegistry().lookupByNameAndType("runs", Runs.class).stopAll("stopped");

        Map<String, Object> stopped = running.get();

        assertThat(stopped)
                .containsEntry("status", "incomplete")
                .containsEntry("reason", "stopped")
                .containsEntry("dead", 0L);
        int asked = many.contractsAsked();
        assertThat(asked).isLessThan(4000);
        // What was in flight is finished.
        assertThat(stopped).containsEntry("loaded", (long) asked).containsEntry("pending", 4000L - asked);

        assertThat(run(feed))
                .containsEntry("run_id", stopped.get("run_id"))
                .containsEntry("status", "complete")
                .containsEntry("loaded", 4000L);
        assertThat(many.contractsAsked()).isEqualTo(4000);
    }

    @Test
    void replayLooksUpManyAtOnce() throws Exception {
        many.unknown.addAll(
                IntStream.range(1000, 1020).mapToObj(String::valueOf).toList());
        assertThat(run(feedOf(200, 2))).containsEntry("status", "complete").containsEntry("dead", 40L);
        many.unknown.clear();
        many.queries.clear();
        many.reports.clear();
        many.gets.clear();

        DeadLetterFilter all = new DeadLetterFilter(null, null, null, null, null);
        List<?> months = Routes.ask(template, "direct:find-replays", all, null, List.class);
        Map<?, ?> replay = (Map<?, ?>)
                Routes.ask(template, "direct:replay", all, months, List.class).get(0);

        assertThat(replay.get("loaded")).isEqualTo(40L);
        // The records are kept with the letters.
        assertThat(many.contractsAsked()).isZero();
        assertThat(many.reports).hasSize(2);
    }

    @Test
    void customerThatAloneFailsIsExhaustedWithItsContractsOnly() throws Exception {
        many.onReport = ids -> ids.contains("1007") ? usageProblem(500, "broken") : null;

        assertThat(run(feedOf(200, 2))).containsEntry("status", "complete").containsEntry("dead", 2L);

        assertThat(query("SELECT contract_id, stage, reason, attempts FROM dead_letter ORDER BY 1"))
                .containsExactly(
                        Map.of("contract_id", "15", "stage", "usage", "reason", "exhausted", "attempts", 4),
                        Map.of("contract_id", "16", "stage", "usage", "reason", "exhausted", "attempts", 4));
    }
}
