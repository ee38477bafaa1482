package contractflow.process;

import static contractflow.support.FakeApis.listed;
import static contractflow.support.FakeApis.page;
import static contractflow.support.FakeApis.pageAfter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import contractflow.support.ChildProcess;
import contractflow.support.ManyApis;
import contractflow.support.ProcessTest;
import contractflow.support.StallingProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Of two services of one name, one works. When it dies or loses the database, the other one goes on where it was. */
class StandbyIT extends ProcessTest {

    private static final int CONTRACTS = 60;
    private static final Duration TAKEN_OVER = Duration.ofSeconds(30);

    private final ManyApis many = new ManyApis();
    private Path feeds;

    @BeforeEach
    void nameServices() throws IOException {
        feeds = Files.createDirectories(folder.resolve("feeds"));
        environment.put("SERVICE_NAME", "nightly");
        environment.put("USAGE_BASE_URL", many.baseUrl());
        environment.put("NETSUITE_CONCURRENCY", "2");
        environment.put("BATCH_SIZE", "5");
    }

    @AfterEach
    void stopManyApis() {
        many.close();
    }

    @Test
    void otherOneGoesOnWithTheRunOfOneThatIsKilled() throws Exception {
        try (ChildProcess first = working();
                ChildProcess second = standingBy()) {
            int asked = killInMidRun(first);

            awaitDone(second);
            assertThat(many.contractsAsked() - asked)
                    .as("asked for by the second")
                    .isLessThan(CONTRACTS);
            assertEachLoadedOnceInOneRun();
        }
    }

    @Test
    @Tag("slow")
    void otherOneGoesOnWithTheRunOfOneThatLosesTheDatabase() throws Exception {
        StallingProxy proxy = new StallingProxy(databaseUrl);
        environment.put("WAREHOUSE_JDBC_URL", databaseUrl.replaceFirst(":\\d+/", ":" + proxy.port() + "/"));
        try (ChildProcess first = working()) {
            environment.put("WAREHOUSE_JDBC_URL", databaseUrl);
            try (ChildProcess second = standingBy()) {
                runUntilMidway();
                proxy.close();

                awaitDone(second);
                assertEachLoadedOnceInOneRun();
                String unknown = "This service stands by: the warehouse does not say which service works";
                awaitSays(first, unknown);
                assertThat(first.isAlive()).isTrue();
                assertThat(first.output()).containsOnlyOnce(unknown);
            }
        } finally {
            proxy.close();
        }
    }

    @Test
    @Tag("slow")
    void oneThatHasLostItsPlaceLeavesTheRunToTheOther() throws Exception {
        try (ChildProcess first = working();
                ChildProcess second = standingBy()) {
            String lock = lockOfService();
            runUntilMidway();
            many.latencyMillis = 1000L;
            await().pollInterval(Duration.ofSeconds(1)).atMost(TAKEN_OVER).until(() -> {
                if (!second.output().contains("This service works")) {
                    query("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE " + lock);
                    return false;
                }
                return true;
            });

            awaitSays(first, "This service stands by");
            many.latencyMillis = 50L;
            awaitDone(second);
            assertEachLoadedOnceInOneRun();
        }
    }

    @Test
    @Tag("slow")
    void fetchIsMadeOnce() throws Exception {
        apis.netsuite().stubFor(pageAfter(0).willReturn(page(false, listed(1))));
        environment.put("SCHEDULE_CRON", "0/5 * * * * ?");
        try (ChildProcess first = started();
                ChildProcess second = started()) {
            awaitFetches(2);
            (first.output().contains("This service works") ? first : second).kill();
            awaitFetches(5);
        }
        assertThat(query("""
                        SELECT date_bin('5 s', started_at, 'epoch') AS due FROM fetched_feed
                        GROUP BY due HAVING count(*) > 1""")).isEmpty();
    }

    private ChildProcess started() throws IOException {
        environment.put("SERVER_PORT", String.valueOf(freePort()));
        return start();
    }

    private ChildProcess working() throws IOException {
        environment.put("NETSUITE_BASE_URL", many.baseUrl());
        many.latencyMillis = 200L;
        ChildProcess service = started();
        awaitSays(service, "This service works");
        return service;
    }

    private ChildProcess standingBy() throws IOException {
        ChildProcess service = started();
        awaitSays(service, "This service stands by");
        return service;
    }

    private static void awaitSays(ChildProcess service, String text) {
        await().atMost(TAKEN_OVER)
                .untilAsserted(() -> assertThat(service.output()).contains(text));
    }

    private int killInMidRun(ChildProcess service) throws Exception {
        runUntilMidway();
        service.kill();
        service.exitCode();
        return many.contractsAsked();
    }

    private void runUntilMidway() throws IOException {
        StringBuilder feed = new StringBuilder("contract_id,customer_id\n");
        for (int i = 1; i <= CONTRACTS; i++) {
            feed.append(i).append(',').append(1000 + i).append('\n');
        }
        Files.writeString(feeds.resolve("contracts.csv"), feed);
        await().atMost(TAKEN_OVER).until(() -> many.contractsAsked() >= CONTRACTS / 4);
    }

    private void awaitFetches(int fetches) {
        await().atMost(TAKEN_OVER.multipliedBy(2))
                .until(() -> query("SELECT FROM fetched_feed").size() >= fetches);
    }

    private void awaitDone(ChildProcess service) throws IOException {
        await().atMost(TAKEN_OVER)
                .failFast(() -> !service.isAlive())
                .until(() -> Files.exists(feeds.resolve("done/contracts.csv")));
        service.assertFitToRead();
    }

    private void assertEachLoadedOnceInOneRun() throws Exception {
        assertThat(query("SELECT run_id, status, loaded, dead, pending FROM run"))
                .containsExactly(Map.of(
                        "run_id", 1L, "status", "complete", "loaded", (long) CONTRACTS, "dead", 0L, "pending", 0L));
        assertThat(query("SELECT FROM contract_enriched")).hasSize(CONTRACTS);
    }

    /** The one lock that there is while nothing is in work, as a condition. */
    private String lockOfService() throws Exception {
        List<Map<String, Object>> locks = query("""
                SELECT format('locktype = ''advisory'' AND (classid, objid) = (%s, %s)', classid, objid) AS condition FROM pg_locks
                WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())""");
        assertThat(locks).hasSize(1);
        return (String) locks.get(0).get("condition");
    }
}
