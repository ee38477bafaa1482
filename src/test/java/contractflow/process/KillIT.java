package contractflow.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import contractflow.report.ExitCode;
import contractflow.support.ChildProcess;
import contractflow.support.ManyApis;
import contractflow.support.ProcessTest;
import contractflow.support.TestDatabase;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * A process that is killed at any moment loses no contract and doubles none, and the next start asks only for what was not in the
 * database. {@code mvn verify} kills once in either way of asking; {@code mvn verify -Dit.test=KillIT -Dkills=20} as often as one likes.
 */
class KillIT extends ProcessTest {

    private static final int CONTRACTS = 300;
    private static final int WORKERS = 20;
    private static final int BATCH = 50;

    /** So few contracts before the end, the process could be done before it is killed. */
    private static final int TOO_LATE = 60;

    private static final String TABLE = """
            SELECT contract_id, customer_id, contract_name, status, start_date, end_date, total_value, currency, usage_period,
                   usage_value, source::text
            FROM contract_enriched ORDER BY contract_id""";

    /** Contracts in one call. */
    private static final int CHUNK = 20;

    private final ManyApis many = new ManyApis();
    private final Map<Integer, List<Map<String, Object>>> undisturbed = new HashMap<>();

    @AfterEach
    void stopApis() {
        many.close();
    }

    @TestFactory
    List<DynamicTest> killedProcessIsResumed() {
        return IntStream.of(1, CHUNK)
                .boxed()
                .flatMap(perCall -> ThreadLocalRandom.current()
                        .ints(Integer.getInteger("kills", 1), 1, CONTRACTS - TOO_LATE)
                        .mapToObj(asked -> DynamicTest.dynamicTest(
                                "killed after " + asked + " contracts, " + perCall + " in a call",
                                () -> killAndResume(asked, perCall))))
                .toList();
    }

    private void killAndResume(int contracts, int perCall) throws Exception {
        environment.put("NETSUITE_BASE_URL", many.baseUrl());
        environment.put("USAGE_BASE_URL", many.baseUrl());
        environment.put("NETSUITE_CONTRACTS_PER_CALL", String.valueOf(perCall));
        environment.put("USAGE_CUSTOMERS_PER_CALL", String.valueOf(Math.min(5, perCall)));
        many.latencyMillis = 60L;

        environment.put("CONTRACT_WORKERS", String.valueOf(WORKERS));
        environment.put("BATCH_SIZE", String.valueOf(BATCH));
        environment.put("NETSUITE_CONCURRENCY", "10");
        environment.put("WAREHOUSE_JDBC_URL", TestDatabase.createWithTables());
        many.gets.clear();
        many.queries.clear();
        String feed = feedOfNumbers(CONTRACTS);

        try (ChildProcess process = start("run", feed)) {
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> many.contractsAsked() >= contracts || !process.isAlive());
            process.kill();
            assertThat(process.exitCode()).isNotEqualTo(ExitCode.ALL_LOADED);
        }
        Map<String, Object> killed = queryOne("SELECT run_id, status FROM run");
        long inDatabase =
                (Long) queryOne("SELECT count(*) AS n FROM run_contract").get("n");
        int asked = many.contractsAsked();

        try (ChildProcess process = start("run", feed)) {
            assertThat(process.exitCode()).as(process.output()).isEqualTo(ExitCode.ALL_LOADED);
        }
        assertThat(killed).containsEntry("status", "running");
        assertThat(queryOne("SELECT run_id, status, loaded, dead, pending FROM run"))
                .containsEntry("run_id", killed.get("run_id"))
                .containsEntry("status", "complete")
                .containsEntry("loaded", (long) CONTRACTS)
                .containsEntry("pending", 0L);
        assertThat(many.contractsAsked() - asked).as("asked for after the kill").isEqualTo(CONTRACTS - inDatabase);
        assertThat(many.contractsAsked() - CONTRACTS)
                .as("asked for twice")
                .isLessThanOrEqualTo(
                        // The chunks in flight, or the contracts, and two batches.
                        (perCall == 1 ? WORKERS : 13 * perCall) + 2 * BATCH);

        List<Map<String, Object>> resumed = query(TABLE);
        assertThat(resumed).as("the table of an undisturbed run").isEqualTo(undisturbed(feed, perCall));
    }

    private List<Map<String, Object>> undisturbed(String feed, int perCall) throws Exception {
        if (!undisturbed.containsKey(perCall)) {
            environment.put("WAREHOUSE_JDBC_URL", TestDatabase.createWithTables());
            try (ChildProcess process = start("run", feed)) {
                assertThat(process.exitCode()).as(process.output()).isEqualTo(ExitCode.ALL_LOADED);
            }
            undisturbed.put(perCall, query(TABLE));
        }
        return undisturbed.get(perCall);
    }

    private String feedOfNumbers(int contracts) throws Exception {
        return feed(
                "contracts.csv",
                IntStream.rangeClosed(1, contracts)
                        .mapToObj(i -> i + "," + (1000 + i))
                        .collect(Collectors.joining("\n", "contract_id,customer_id\n", "\n")));
    }

    private Map<String, Object> queryOne(String sql) throws Exception {
        return query(sql).get(0);
    }
}
