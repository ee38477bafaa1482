package contractflow.run;

import static contractflow.support.FakeApis.anyContract;
import static contractflow.support.FakeApis.customer;
import static contractflow.support.FakeApis.record;
import static contractflow.support.FakeApis.report;
import static contractflow.support.FakeApis.usageProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import contractflow.contract.Contract;
import contractflow.contract.DeadLetter;
import contractflow.feed.Feed;
import contractflow.support.ContractFlowTest;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A customer's usage is asked for once a run, however many of its contracts are in flight, and whatever comes of it. */
@Tag("slow")
class CustomerUsageTest extends ContractFlowTest {

    private static final int CONTRACTS = 200;

    /** As many contracts as are mixed with each other. */
    private static final int MIXED = 500;

    @Override
    protected Map<String, String> settings() {
        return Map.of(
                "contract.workers", "250",
                "netsuite.concurrency", "100",
                "netsuite.requests-per-second", "100000",
                "run.max-dead-percent", "100",
                "api.max-wait", "20s");
    }

    /** A feed of many contracts of the customer K-0, and some of other customers, which go on being answered. */
    private Path feedOfOneCustomer() throws Exception {
        StringBuilder csv = new StringBuilder("contract_id,customer_id\n");
        for (int i = 1; i <= CONTRACTS; i++) {
            csv.append("C-")
                    .append(i)
                    .append(",K-0\nD-")
                    .append(i)
                    .append(",K-")
                    .append(i)
                    .append('\n');
        }
        return feed("contracts.csv", csv.toString());
    }

    @Test
    void oneContractAsksForAllThatAreInFlight() throws Exception {
        apis.usage().stubFor(customer("K-0").willReturn(report(500)));

        assertThat(run(feedOfOneCustomer()))
                .containsEntry("status", "complete")
                .containsEntry("loaded", 2L * CONTRACTS);

        assertThat(apis.usageCalls("K-0")).isEqualTo(1);
        assertThat(apis.usageCalls()).isEqualTo(1 + CONTRACTS);
        assertThat(query(
                        "SELECT DISTINCT usage_value, source #>> '{usage,data,0,customerId}' AS customer FROM contract_enriched"
                                + " WHERE customer_id = 'K-0'"))
                .containsExactly(Map.of("usage_value", new BigDecimal("12345.5"), "customer", "K-0"));
    }

    @Test
    void failureThatPassesIsOneAttemptForAll() throws Exception {
        apis.usage()
                .stubFor(customer("K-0")
                        .inScenario("failure")
                        .whenScenarioStateIs("Started")
                        .willSetStateTo("over")
                        .willReturn(usageProblem(502, "bad gateway").withFixedDelay(300)));

        assertThat(run(feedOfOneCustomer()))
                .containsEntry("status", "complete")
                .containsEntry("loaded", 2L * CONTRACTS);

        assertThat(apis.usageCalls("K-0")).isEqualTo(2);
    }

    static Stream<Arguments> failuresThatStay() {
        return Stream.of(
                Arguments.of(usageProblem(404, "customer not found"), "404", 1),
                Arguments.of(usageProblem(500, "broken"), "exhausted", 4));
    }

    @ParameterizedTest
    @MethodSource("failuresThatStay")
    void failureThatStaysIsThatOfAllContracts(ResponseDefinitionBuilder answer, String reason, int attempts)
            throws Exception {
        apis.usage().stubFor(customer("K-0").willReturn(answer.withFixedDelay(100)));

        assertThat(run(feedOfOneCustomer()))
                .containsEntry("status", "complete")
                .containsEntry("loaded", (long) CONTRACTS)
                .containsEntry("dead", (long) CONTRACTS);

        assertThat(apis.usageCalls("K-0")).isEqualTo(attempts);
        assertThat(
                        query(
                                "SELECT stage, reason, attempts, count(*), count(netsuite) AS records FROM dead_letter GROUP BY 1, 2, 3"))
                .containsExactly(Map.of(
                        "stage",
                        "usage",
                        "reason",
                        reason,
                        "attempts",
                        attempts,
                        "count",
                        (long) CONTRACTS,
                        "records",
                        (long) CONTRACTS));
    }

    @Test
    void contractsThatWaitForAnotherOneStayPendingWithIt() throws Exception {
        // Four tries take longer than it takes to stop the run.
        apis.usage()
                .stubFor(customer("K-0")
                        .willReturn(usageProblem(502, "bad gateway").withFixedDelay(1000)));
        CompletableFuture<Map<String, Object>> running = runInBackground(feedOfOneCustomer());
        await().until(() -> apis.usageCalls("K-0") > 0 && apis.netsuiteCalls() > CONTRACTS);
        context.getRegistry().lookupByNameAndType("runs", Runs.class).stopAll("stopped");

        assertThat(running.get())
                .containsEntry("status", "incomplete")
                .containsEntry("reason", "stopped")
                .containsEntry("dead", 0L);

        apis.usage().stubFor(customer("K-0").willReturn(report(0)));
        assertThat(run(folder.resolve("contracts.csv")))
                .containsEntry("status", "complete")
                .containsEntry("loaded", 2L * CONTRACTS);
    }

    @Test
    void anotherRunAsksAgain() throws Exception {
        Path feed = feedOfOneCustomer();
        run(feed);
        run(feed);

        assertThat(apis.usageCalls("K-0")).isEqualTo(2);
    }

    @Test
    void customersOfAFeedInAnyOrderAreAskedForOnce() throws Exception {
        apis.netsuite().stubFor(anyContract().willReturn(record(0)));
        int customers = 40;
        StringBuilder csv = new StringBuilder("contract_id,customer_id\n");
        for (int i = 1; i <= 3000; i++) {
            csv.append(i).append(",K-").append(i % customers).append('\n');
        }

        assertThat(run(feed("contracts.csv", csv.toString()))).containsEntry("loaded", 3000L);

        assertThat(apis.usageCalls()).isEqualTo(customers);
    }

    @Test
    void whoComesAfterAFailureOfTheServiceHasOneTryOfItsOwn() throws Exception {
        Run run = run();
        CustomerUsage customerUsage = new CustomerUsage();
        Contract first = new Contract(1, "C-1", "K-0");
        Contract later = new Contract(2, "C-2", "K-0");
        assertThat(customerUsage.known(run, first)).isNull();
        customerUsage.settled(run, first, new DeadLetter(1, "usage", "exhausted", "usage answered 502", 4, null));

        assertThat(customerUsage.known(run, later)).isNull();

        assertThat(later.attempts().getCount()).isEqualTo(3);
        customerUsage.answered(run, later, IntNode.valueOf(7));
        assertThat(customerUsage.known(run, new Contract(3, "C-3", "K-0"))).isEqualTo(IntNode.valueOf(7));
    }

    private static Run run() {
        return new Run(
                Feed.ofDeadLetters(),
                Map.of("run_id", 1, "usage_period", "2026-10", "resumed", false),
                null,
                new DeadBudget(100, 1));
    }

    @Test
    void onlyWhoIsNotBeingAskedForIsForgotten() throws Exception {
        Run run = run();
        CustomerUsage customerUsage = new CustomerUsage();
        Contract asking = new Contract(1, "C-asking", "K-asking");
        Contract answered = new Contract(2, "C-answered", "K-answered");
        assertThat(customerUsage.known(run, asking)).isNull();
        assertThat(customerUsage.known(run, answered)).isNull();
        customerUsage.answered(run, answered, IntNode.valueOf(7));

        for (int i = 0; i < 50 * MIXED; i++) {
            Contract other = new Contract(3, "C-" + i, "K-" + i);
            assertThat(customerUsage.known(run, other)).isNull();
            customerUsage.answered(run, other, IntNode.valueOf(i));
        }

        assertThat(customerUsage.known(run, new Contract(4, "C-again", "K-answered")))
                .as("usage of a customer long ago")
                .isNull();
        CompletableFuture<JsonNode> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return customerUsage.known(run, new Contract(5, "C-waiting", "K-asking"));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        customerUsage.answered(run, asking, IntNode.valueOf(8));
        assertThat(waiting.get()).isEqualTo(IntNode.valueOf(8));
    }
}
