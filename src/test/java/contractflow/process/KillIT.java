package contractflow.process;

import static contractflow.support.FakeApis.anyContract;
import static contractflow.support.FakeApis.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import contractflow.report.ExitCode;
import contractflow.support.ChildProcess;
import contractflow.support.ProcessTest;
import contractflow.support.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * A process that is killed at any moment loses no contract and doubles none, and the next start asks only for what was not in the
 * database. {@code mvn verify} kills five times; {@code mvn verify -Dit.test=KillIT -Dkills=20} as often as one likes.
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

    private List<Map<String, Object>> undisturbed;

    @TestFactory
    List<DynamicTest> killedProcessIsResumed() {
        return ThreadLocalRandom.current()
                .ints(Integer.getInteger("kills", 5), 1, CONTRACTS - TOO_LATE)
                .mapToObj(calls ->
                        DynamicTest.dynamicTest("killed after " + calls + " calls", () -> killAndResume(calls)))
                .toList();
    }

    private void killAndResume(int calls) throws Exception {
        environment.put("CONTRACT_WORKERS", String.valueOf(WORKERS));
        environment.put("BATCH_SIZE", String.valueOf(BATCH));
        environment.put("NETSUITE_CONCURRENCY", "10");
        environment.put("WAREHOUSE_JDBC_URL", TestDatabase.createWithTables());
        apis.netsuite().resetRequests();
        apis.netsuite().stubFor(anyContract().willReturn(record(60)));
        String feed = feedOf(CONTRACTS);

        try (ChildProcess process = start("run", feed)) {
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> apis.netsuiteCalls() >= calls || !process.isAlive());
            process.kill();
            assertThat(process.exitCode()).isNotEqualTo(ExitCode.ALL_LOADED);
        }
        Map<String, Object> killed = queryOne("SELECT run_id, status FROM run");
        long inDatabase =
                (Long) queryOne("SELECT count(*) AS n FROM run_contract").get("n");
        long asked = apis.netsuiteCalls();

        try (ChildProcess process = start("run", feed)) {
            assertThat(process.exitCode()).as(process.output()).isEqualTo(ExitCode.ALL_LOADED);
        }
        assertThat(killed).containsEntry("status", "running");
        assertThat(queryOne("SELECT run_id, status, loaded, dead, pending FROM run"))
                .containsEntry("run_id", killed.get("run_id"))
                .containsEntry("status", "complete")
                .containsEntry("loaded", (long) CONTRACTS)
                .containsEntry("pending", 0L);
        assertThat(apis.netsuiteCalls() - asked).as("asked for after the kill").isEqualTo(CONTRACTS - inDatabase);
        assertThat(apis.netsuiteCalls() - CONTRACTS).as("asked for twice").isLessThanOrEqualTo(WORKERS + 2 * BATCH);

        List<Map<String, Object>> resumed = query(TABLE);
        assertThat(resumed).as("the table of an undisturbed run").isEqualTo(undisturbed(feed));
    }

    private List<Map<String, Object>> undisturbed(String feed) throws Exception {
        if (undisturbed == null) {
            environment.put("WAREHOUSE_JDBC_URL", TestDatabase.createWithTables());
            try (ChildProcess process = start("run", feed)) {
                assertThat(process.exitCode()).as(process.output()).isEqualTo(ExitCode.ALL_LOADED);
            }
            undisturbed = query(TABLE);
        }
        return undisturbed;
    }

    private Map<String, Object> queryOne(String sql) throws Exception {
        return query(sql).get(0);
    }
}
