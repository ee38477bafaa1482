package contractflow.check;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static contractflow.support.FakeApis.anyContract;
import static contractflow.support.FakeApis.contract;
import static contractflow.support.FakeApis.customer;
import static contractflow.support.FakeApis.json;
import static contractflow.support.FakeApis.listed;
import static contractflow.support.FakeApis.netsuiteError;
import static contractflow.support.FakeApis.page;
import static contractflow.support.FakeApis.pageAfter;
import static contractflow.support.FakeApis.record;
import static contractflow.support.FakeApis.usageProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.matching.MatchResult;
import contractflow.report.ExitCode;
import contractflow.support.ChildProcess;
import contractflow.support.FakeApis;
import contractflow.support.ProcessTest;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A check says what a run would find, each problem on a line, and leaves everything as it was. */
class CheckIT extends ProcessTest {

    private static final String ROW =
            "contract_id=C-%1$d, customer_id=K-%1$d, contract_name=CON C-%1$d, status=Active, start_date=2026-01-01,"
                    + " end_date=2026-12-31, total_value=12000.50, currency=USD, usage_period=2026-10, usage_value=12345.5";

    @Test
    void healthySetUpIsShownAsItWouldBeRun() throws Exception {
        run(feedOf(1));
        Map<String, Object> before = everything();

        String said = check(0, feedOf(7));

        assertThat(said)
                .containsPattern("(?m)^ok +settings +each of them is known")
                .containsPattern("(?m)^ok +warehouse +jdbc:postgresql://\\S+ answers$")
                .containsPattern(
                        "(?m)^ok +warehouse +the tables are there, with the \\d+ privileges that the routes need$")
                .containsPattern("(?m)^ok +netsuite +the static token of the settings$")
                .containsPattern("(?m)^ok +usage +the static token of the settings$")
                .containsPattern("(?m)^ok +feed +contracts.csv has 7 contracts$")
                .containsPattern("(?m)^row +unchanged +" + ROW.formatted(1) + "$")
                .containsPattern("(?m)^row +loaded +" + ROW.formatted(5) + "$")
                .doesNotContain("C-6");
        assertThat(apis.netsuiteCalls()).isEqualTo(1 + 5);
        assertThat(apis.usageCalls()).isEqualTo(1 + 5);
        assertThat(everything()).isEqualTo(before);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void newDatabaseGetsItsTablesInTheNight() throws Exception {
        dropTables();
        Map<String, Object> before = everything();

        String said = check(0, "--sample", "1", feedOf(2));

        assertThat(said)
                .containsPattern(
                        "(?m)^note +warehouse +the next start brings the tables up to date by V1__warehouse.sql, V2__")
                .containsPattern("(?m)^row +loaded +" + ROW.formatted(1) + "$");
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void migrationOfOnesOwnIsTriedBeforeItIsApplied() throws Exception {
        run(feedOf(1));
        Files.createDirectory(folder.resolve("migrations"));
        Files.writeString(
                folder.resolve("migrations/V1__name.sql"),
                "ALTER TABLE contract_enriched ADD COLUMN twice text"
                        + " GENERATED ALWAYS AS (upper(contract_name)) STORED, ADD COLUMN never text;");
        Map<String, Object> before = everything();

        assertThat(check(0, feedOf(1)))
                .contains("up to date by V1__name.sql")
                .contains("usage_value=12345.5, twice=CON C-1, never=–")
                .containsPattern(
                        "(?m)^note +mapping +never has nothing in any of these rows: see its field in sql/load-batch.sql$");
        assertThat(everything()).isEqualTo(before);

        Files.writeString(folder.resolve("migrations/V2__wrong.sql"), "ALTER TABLE contracts ADD COLUMN region text;");
        assertThat(check(1, feedOf(3)))
                .containsPattern(
                        "(?m)^problem +warehouse +the tables cannot be brought up to date: V2__wrong.sql: ERROR: relation"
                                + " \"contracts\" does not exist")
                .containsOnlyOnce("does not exist");
        assertThat(everything()).isEqualTo(before);

        Files.writeString(
                folder.resolve("migrations/V2__wrong.sql"),
                "CREATE INDEX CONCURRENTLY by_name ON contract_enriched (contract_name);");
        assertThat(check(0, feedOf(1)))
                .containsPattern(
                        "(?m)^note +warehouse +V2__wrong.sql cannot be tried in a transaction, so no row can be shown$");
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void checkTakesNothingFromARunBesideIt() throws Exception {
        apis.netsuite().stubFor(anyContract().willReturn(record(300)));
        String feed = feedOf(200);

        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ChildProcess run = start("run", feed)) {
            environment.put("SERVER_PORT", String.valueOf(taken.getLocalPort()));
            environment.put("SCHEDULE_EVERY", "100ms");
            await().atMost(Duration.ofSeconds(30)).until(() -> !run.isAlive() || apis.netsuiteCalls() > 0);

            check(0, "--sample", "10", feed);

            assertThat(run.exitCode()).as(run.output()).isZero();
        }
        assertThat(apis.netsuiteCalls()).isEqualTo(200 + 10);
        assertThat(query("SELECT loaded FROM run")).containsExactly(Map.of("loaded", 200L));
    }

    @Test
    void checkThatIsTerminatedEndsAtOnce() throws Exception {
        apis.netsuite().stubFor(anyContract().willReturn(record(60_000)));
        Map<String, Object> before = everything();

        try (ChildProcess process = start("check", feedOf(1))) {
            await().atMost(Duration.ofSeconds(30)).until(() -> !process.isAlive() || apis.netsuiteCalls() > 0);
            process.terminate();
            assertThat(process.exitCode()).as(process.output()).isEqualTo(ExitCode.COULD_NOT_RUN);
            process.assertFitToRead();
        }
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void tablesLockedByAnotherSession_areNotWaitedForLong() throws Exception {
        run(feedOf(1));

        try (Connection other = DriverManager.getConnection(databaseUrl);
                Statement sql = other.createStatement()) {
            other.setAutoCommit(false);
            sql.execute("LOCK TABLE contract_enriched IN ACCESS EXCLUSIVE MODE");

            assertThat(check(1, feedOf(2)))
                    .containsOnlyOnce(
                            "the warehouse is locked: a statement waits for a lock on contract_enriched, held by pid ");
        }
    }

    @Test
    void withoutAJdbcUrlNothingIsStarted() throws Exception {
        environment.remove("WAREHOUSE_JDBC_URL");

        assertThat(check(0, feedOf(2)))
                .containsPattern(
                        "(?m)^note +warehouse +warehouse.jdbc-url is empty: a run starts the embedded PostgreSQL")
                .containsPattern("(?m)^estimate +run +at least ")
                .doesNotContainPattern("(?m)^row ");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void misspeltKeysAreNamedAllAtOnce() throws Exception {
        Files.writeString(folder.resolve("application.properties"), "netsuite.concurency=5\nusage.metre=calls\n");

        assertThat(check(1, feedOf(1)))
                .contains(
                        "netsuite.concurency in application.properties is not a setting; did you mean netsuite.concurrency?")
                .contains("usage.metre in application.properties is not a setting; did you mean usage.meter?");
        assertThat(apis.netsuiteCalls()).isZero();
    }

    @Test
    void databaseThatCannotBeReachedIsNamed() throws Exception {
        environment.put(
                "WAREHOUSE_JDBC_URL", "jdbc:postgresql://127.0.0.1:" + freePort() + "/contracts?password=hidden");

        String said = check(1, feedOf(1));

        assertThat(problems(said))
                .singleElement()
                .asString()
                .matches(
                        "problem +warehouse +warehouse.jdbc-url: cannot connect to jdbc:postgresql://127.0.0.1:\\d+/contracts: .*Connection .*refused.*");
        // The rest is checked all the same.
        assertThat(said).doesNotContain("hidden").containsPattern("(?m)^estimate +netsuite +1 contracts \\* ");
    }

    @Test
    void privilegesThatLackAreNamedWithARemedyThatSuffices() throws Exception {
        run(feedOf(1));
        String role = role();

        List<String> problems = problems(check(1, feedOf(1)));

        assertThat(problems)
                .hasSize(16)
                .allMatch(problem -> problem.matches(
                        "problem +warehouse +" + role + " may not .* in the table public[.]\\w+: GRANT .*"))
                .anyMatch(problem -> problem.endsWith("GRANT INSERT, SELECT, UPDATE ON public.dead_letter TO " + role));

        for (String problem : problems.subList(1, 16)) {
            execute(problem.substring(problem.indexOf("GRANT")));
        }
        assertThat(problems(check(1, feedOf(1)))).containsExactly(problems.get(0));
        execute(problems.get(0).substring(problems.get(0).indexOf("GRANT")));
        check(0, feedOf(1));

        apis.netsuite()
                .stubFor(contract("C-2").willReturn(netsuiteError(404, "NONEXISTENT_ID", "There is no such record.")));
        try (ChildProcess process = start("run", feedOf(3))) {
            assertThat(process.exitCode()).as(process.output()).isEqualTo(ExitCode.DEAD_LETTERS);
        }
        apis.netsuite().stubFor(contract("C-2").willReturn(record(0)));
        try (ChildProcess process = start("dead-letters", "replay")) {
            assertThat(process.exitCode()).as(process.output()).isZero();
        }
    }

    @Test
    void newDatabaseWhereNoTableMayBeMadeIsNamed() throws Exception {
        dropTables();
        String role = role();

        assertThat(problems(check(1, feedOf(1))))
                .singleElement()
                .asString()
                .matches("problem +warehouse +" + role + " may not make tables: GRANT CREATE ON SCHEMA public TO "
                        + role);

        execute("GRANT CREATE ON SCHEMA public TO " + role);
        check(0, feedOf(1));
        run(feedOf(1));
        execute("DROP TABLE fetched_feed");
        assertThat(problems(check(1, feedOf(1))))
                .singleElement()
                .asString()
                .endsWith(
                        "the table public.fetched_feed is not there, though the migrations were applied: bring it back from a backup");
    }

    /** Connects as a user without any rights yet. */
    private String role() throws Exception {
        String role = "r" + databaseUrl.replaceAll(".*/(\\w+).*", "$1");
        execute("CREATE ROLE " + role + " LOGIN");
        environment.put("WAREHOUSE_JDBC_URL", databaseUrl.replaceAll("[?].*", ""));
        environment.put("WAREHOUSE_USERNAME", role);
        return role;
    }

    @Test
    void tokenThatIsRefusedIsNamedOnce() throws Exception {
        environment.put("NETSUITE_TOKEN", "another");
        environment.put("USAGE_TOKEN", "another");

        String said = check(1, feedOf(5));

        assertThat(problems(said)).hasSize(2);
        assertThat(said)
                .containsPattern(
                        "(?m)^problem +netsuite +contract C-1: netsuite answered 401 INVALID_LOGIN: .*; check netsuite.token or netsuite.oauth")
                .containsPattern(
                        "(?m)^problem +usage +contract C-1: usage answered 401: unknown token; check usage.token or usage.oauth");
        assertThat(apis.netsuiteCalls() + apis.usageCalls()).isEqualTo(2);
    }

    @Test
    void tokenThatIsNotGivenIsNamed() throws Exception {
        environment.remove("USAGE_TOKEN");
        environment.put("USAGE_OAUTH_CLIENT_ID", "client-1");
        environment.put("USAGE_OAUTH_CLIENT_SECRET", "client-secret-1");
        environment.put("USAGE_OAUTH_TOKEN_URL", apis.usageTokenUrl());
        apis.usage()
                .stubFor(FakeApis.usageTokenRequest()
                        .willReturn(json("{\"error\":\"invalid_client\"}").withStatus(400)));

        String said = check(1, feedOf(2));

        assertThat(problems(said))
                .singleElement()
                .asString()
                .matches("problem +usage +usage's token endpoint answered 400 invalid_client; "
                        + "check usage.oauth.client-id, usage.oauth.client-secret, usage.oauth.scope, "
                        + "usage.oauth.token-url, and usage.headers where the API wants some");
        assertThat(said).doesNotContain("client-secret-1");

        apis.usage().stubFor(FakeApis.usageTokenRequest().willReturn(FakeApis.token(FakeApis.USAGE_TOKEN)));
        assertThat(check(0, feedOf(2))).containsPattern("(?m)^ok +usage +a token was given$");
    }

    @Test
    void contractAndMeterThatAreNotKnownAreNamed() throws Exception {
        apis.netsuite()
                .stubFor(contract("C-2").willReturn(netsuiteError(404, "NONEXISTENT_ID", "There is no such record.")));
        apis.usage().stubFor(customer("K-3").willReturn(usageProblem(404, "meter not found")));

        String said = check(1, feedOf(4));

        assertThat(problems(said)).hasSize(2);
        assertThat(said)
                .containsPattern(
                        "(?m)^problem +netsuite +contract C-2: netsuite answered 404 NONEXISTENT_ID: .*; see whether netsuite.record-type")
                .containsPattern(
                        "(?m)^problem +usage +contract C-3: usage answered 404: meter not found; see whether usage.meter is right")
                .contains(ROW.formatted(1), ROW.formatted(4));
    }

    @Test
    void accountThatWantsAHeaderIsAskedWithIt() throws Exception {
        MappingBuilder without = any(anyUrl())
                .atPriority(1)
                .andMatching(request -> MatchResult.of(
                        !request.containsHeader("Accept-Language") || !"7".equals(request.getHeader("X-Tenant"))));
        apis.netsuite().stubFor(without.willReturn(netsuiteError(400, "INVALID_HEADER", "No.")));

        assertThat(problems(check(1, feedOf(1))))
                .singleElement()
                .asString()
                .contains("netsuite answered 400 INVALID_HEADER: No.", "; see whether netsuite.record-type is right")
                .endsWith(", and whether it wants a header, which netsuite.headers sends");

        environment.put("NETSUITE_HEADERS", "Accept-Language: en-US,en;q=0.8 | X-Tenant: 7");
        assertThat(problems(check(0, feedOf(1)))).isEmpty();
        run(feedOf(1));
        apis.netsuite().stubFor(pageAfter(0).atPriority(2).willReturn(page(false, listed(1))));
        try (ChildProcess process = start("fetch")) {
            assertThat(process.exitCode()).as(process.output()).isZero();
        }
        assertThat(apis.usage().findAll(anyRequestedFor(anyUrl())))
                .noneMatch(request -> request.containsHeader("X-Tenant"));
    }

    @Test
    void apiThatCannotBeReachedIsNamedOnce() throws Exception {
        environment.put("NETSUITE_BASE_URL", "http://127.0.0.1:" + freePort());

        String said = check(1, feedOf(3));

        assertThat(problems(said))
                .singleElement()
                .asString()
                .matches("problem +netsuite +contract C-1: .*refused.*"
                        + "; see whether netsuite.base-url is right and can be reached from here");
    }

    /** @return what it has said */
    private String check(int exitCode, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("check"));
        command.addAll(List.of(arguments));
        try (ChildProcess process = start(command.toArray(String[]::new))) {
            assertThat(process.exitCode()).as(process.output()).isEqualTo(exitCode);
            process.assertFitToRead();
            return process.output();
        }
    }

    /** Leaves the database as a new one is. */
    private void dropTables() throws Exception {
        execute(
                "DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION pg_database_owner; GRANT USAGE ON SCHEMA public TO PUBLIC");
    }

    private static List<String> problems(String said) {
        return said.lines().filter(line -> line.startsWith("problem")).toList();
    }

    private void run(String feed) throws Exception {
        try (ChildProcess process = start("run", feed)) {
            assertThat(process.exitCode()).as(process.output()).isZero();
        }
    }

    private void execute(String statement) throws Exception {
        try (Connection connection = DriverManager.getConnection(databaseUrl);
                Statement sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }

    /** Every row of every table, every column, and every sequence. */
    private Map<String, Object> everything() throws Exception {
        Map<String, Object> everything = new TreeMap<>();
        everything.put(
                "relations",
                query("SELECT relname, relkind, relnatts FROM pg_class"
                        + " WHERE relnamespace = 'public'::regnamespace ORDER BY 1"));
        everything.put("sequences", query("SELECT sequencename, last_value FROM pg_sequences ORDER BY 1"));
        everything.put(
                "functions",
                query("SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1"));
        for (Map<String, Object> table : query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")) {
            everything.put(
                    (String) table.get("tablename"),
                    query("SELECT xmin::text, t::text FROM " + table.get("tablename") + " t ORDER BY 2"));
        }
        return everything;
    }
}
