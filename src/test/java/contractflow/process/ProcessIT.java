package contractflow.process;

import static contractflow.support.FakeApis.anyContract;
import static contractflow.support.FakeApis.contract;
import static contractflow.support.FakeApis.netsuiteError;
import static contractflow.support.FakeApis.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import contractflow.report.ExitCode;
import contractflow.support.ChildProcess;
import contractflow.support.Guide;
import contractflow.support.Observed;
import contractflow.support.ProcessTest;
import contractflow.support.TestDatabase;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the process leaves behind: the exit code, one line where it cannot run, and what it leaves behind. */
class ProcessIT extends ProcessTest {

    @Test
    void runWithDeadLetterExitsWith2() throws Exception {
        apis.netsuite()
                .stubFor(contract("C-2").willReturn(netsuiteError(404, "NONEXISTENT_ID", "There is no such record.")));

        try (ChildProcess process = start("run", feedOf(3))) {
            assertThat(process.exitCode()).as(process.output()).isEqualTo(ExitCode.DEAD_LETTERS);
            assertThat(process.output())
                    .contains("COMPLETE")
                    .contains("dead at netsuite")
                    .contains("404 NONEXISTENT_ID");
            process.assertFitToRead();
        }
    }

    @Test
    void missingSettingIsNamed() throws Exception {
        environment.remove("NETSUITE_TOKEN");

        assertCannotRun(
                "netsuite.token is missing: set it in application.properties or as NETSUITE_TOKEN", "run", feedOf(1));
    }

    @Test
    void serviceWithoutSettingsNamesEachThatItNeeds() throws Exception {
        environment.clear();

        try (ChildProcess process = start()) {
            assertThat(process.exitCode()).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(process.output().lines())
                    .extracting(line -> line.replace("contractflow: ", "").replaceAll(" is missing: .*", ""))
                    .containsExactly("netsuite.base-url", "usage.base-url", "netsuite.token", "usage.token");
            process.assertFitToRead();
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void misspeltSettingIsNamed() throws Exception {
        Files.writeString(folder.resolve("application.properties"), "netsuite.concurency=5\n");

        assertCannotRun(
                "netsuite.concurency in application.properties is not a setting; did you mean netsuite.concurrency?",
                "run",
                feedOf(1));
    }

    @Test
    void misspeltEnvironmentVariableIsNamed() throws Exception {
        environment.put("NETSUITE_CONCURENCY", "5");

        assertCannotRun(
                "the environment variable NETSUITE_CONCURENCY is not a setting; did you mean NETSUITE_CONCURRENCY?",
                "run",
                feedOf(1));
    }

    @Test
    void unreachableDatabaseIsNamed() throws Exception {
        environment.put(
                "WAREHOUSE_JDBC_URL", "jdbc:postgresql://127.0.0.1:" + freePort() + "/contracts?password=hidden");

        try (ChildProcess process = start("run", feedOf(1))) {
            assertThat(process.exitCode()).as("later, it may do").isEqualTo(ExitCode.INCOMPLETE);
            assertThat(process.output())
                    .startsWith("contractflow: warehouse.jdbc-url: cannot connect to jdbc:postgresql://127.0.0.1:")
                    .doesNotContain("hidden");
            process.assertFitToRead();
        }
    }

    @Test
    void userAndPasswordInTheUrlAreRefusedUnseen() throws Exception {
        environment.put("WAREHOUSE_JDBC_URL", "jdbc:postgresql://loader:s3cret@127.0.0.1:" + freePort() + "/contracts");

        for (String[] command : new String[][] {{"run", feedOf(1)}, {"runs"}, {"check"}}) {
            assertThat(assertCannotRun("warehouse.jdbc-url must be jdbc:postgresql://host:port/name", command))
                    .doesNotContain("s3cret");
        }
        try (ChildProcess process = start("run", "--json", feedOf(1))) {
            assertThat(process.exitCode()).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(process.standardOutput())
                    .startsWith("{\"event\":\"failure\",\"reason\":\"warehouse.jdbc-url must be ");
            assertThat(process.output()).doesNotContain("s3cret");
        }
    }

    @Test
    void roleThatTheDatabaseRefusesIsNamed() throws Exception {
        String role = "r" + databaseUrl.replaceAll(".*/(\\w+).*", "$1");
        TestDatabase.execute(databaseUrl, "CREATE ROLE " + role + " NOLOGIN");
        environment.put("WAREHOUSE_JDBC_URL", databaseUrl.replaceAll("[?].*", "?password=s3cret"));
        environment.put("WAREHOUSE_USERNAME", role);
        environment.put("LOG_LEVEL", "DEBUG");

        assertThat(assertCannotRun(
                        "contractflow: warehouse.username, warehouse.password or warehouse.jdbc-url: refused by jdbc:postgresql://",
                        "run",
                        feedOf(1)))
                .contains("FATAL: role \"" + role + "\" is not permitted to log in")
                .doesNotContain("s3cret");
    }

    @Test
    void unreadableFeedIsNamed() throws Exception {
        String feed = feed("contracts.csv", "a;b\n1;2\n");

        assertCannotRun("contracts.csv: line 1 must be a header that names contract_id", "run", feed);

        assertThat(query("SELECT status FROM run")).containsExactly(Map.of("status", "failed"));
        assertThat(apis.netsuiteCalls()).isZero();
    }

    @Test
    void feedThatIsWrittenJustNowIsRunWhenItIsWhole() throws Exception {
        environment.put("FEED_SETTLE_TIME", "2s");
        Path feed = Path.of(feed("contracts.csv", "contract_id,customer_id\nC-1,25"));
        // By the clock of the machine that writes it.
        Files.setLastModifiedTime(feed, FileTime.from(Instant.now().plus(Duration.ofHours(1))));

        try (ChildProcess process = start("run", feed.toString())) {
            await().atMost(Duration.ofSeconds(30)).until(() -> process.output().contains("was written just now"));
            Files.writeString(feed, "0\nC-2,K-2\n", StandardOpenOption.APPEND);
            assertThat(process.exitCode()).as(process.output()).isZero();
            process.assertFitToRead();
        }
        assertThat(query("SELECT status, rows FROM run")).containsExactly(Map.of("status", "complete", "rows", 2L));
        assertThat(apis.usageCalls("250")).isEqualTo(1);
    }

    @Test
    void feedThatIsWrittenAllTheTimeIsLeftToALaterStart() throws Exception {
        environment.put("FEED_SETTLE_TIME", "1s");
        environment.put("API_MAX_WAIT", "1s");
        Path feed = Path.of(feed("contracts.csv", "contract_id,customer_id\n"));

        try (ChildProcess process = start("run", feed.toString())) {
            await().pollInterval(Duration.ofMillis(100))
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> {
                        Files.writeString(feed, "C-1,K-1\n", StandardOpenOption.APPEND);
                        return !process.isAlive();
                    });
            assertThat(process.exitCode()).as(process.output()).isEqualTo(ExitCode.INCOMPLETE);
            assertThat(process.output())
                    .contains("contracts.csv is still being written: once it is whole, start again");
            process.assertFitToRead();
        }
        assertThat(apis.netsuiteCalls()).isZero();
    }

    @Test
    void serviceInTheCLocaleTakesFeedsOfAnyNameAndSaysWhatItCannotTake() throws Exception {
        int port = freePort();
        environment.put("LC_ALL", "C");
        environment.put("SERVER_PORT", String.valueOf(port));
        Path feeds = Files.createDirectories(folder.resolve("feeds"));
        Files.createDirectory(feeds.resolve("a folder.csv"));
        // This process may not be able to say these names either.
        String write = "printf 'contract_id,customer_id\\nC-1,K-1\\n' > feeds/$(printf 'Vertr\\303\\244ge.csv');"
                + " printf 'x' > feeds/$(printf '\\303\\234bersicht.txt');"
                + " printf 'nothing\\n' > feeds/$(printf '\\303\\234bel.csv')";
        assertThat(new ProcessBuilder("sh", "-c", write)
                        .directory(folder.toFile())
                        .start()
                        .waitFor())
                .isZero();
        Observed observed = new Observed(port);

        try (ChildProcess process = start()) {
            await().atMost(Duration.ofSeconds(40))
                    .until(() -> !process.isAlive()
                            || count(feeds.resolve("done")) == 1 && count(feeds.resolve("failed")) == 2);
            assertThat(query("SELECT status FROM run ORDER BY status"))
                    .as(process.output())
                    .containsExactly(Map.of("status", "complete"), Map.of("status", "failed"));
            assertThat(count(feeds)).as("the file that is no feed").isEqualTo(1);
            assertThat(observed.get("health").statusCode()).isEqualTo(503);
            assertThat(observed.get("health").body()).contains("a folder.csv is a folder");
            assertThat(observed.get("health/ready").statusCode()).isEqualTo(200);
            assertThat(observed.get("health/live").statusCode()).isEqualTo(200);
            assertThat(observed.get("metrics").body()).contains("contractflow_feeds_passed_over 1.0");
            process.assertFitToRead();
        }
    }

    @Test
    void feedThatDoesNotExistIsNamed() throws Exception {
        assertCannotRun("nowhere.csv: there is no such file", "run", "nowhere.csv");
    }

    @Test
    void unknownOptionIsNamed() throws Exception {
        assertCannotRun("contractflow run has no option '--fast'", "run", "--fast", feedOf(1));
    }

    @Test
    void portThatIsTakenIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            environment.put("SERVER_PORT", String.valueOf(taken.getLocalPort()));

            assertCannotRun("server.port: cannot listen on 127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    void folderOfRoutesWithoutRoutesIsRefused() throws Exception {
        Files.createDirectory(folder.resolve("routes"));

        assertCannotRun("routes has no *.camel.yaml", "run", feedOf(1));
        assertCannotRun("routes has no *.camel.yaml");
    }

    /** Such as that of an earlier version, in which all routes lay on top. */
    @Test
    void folderOfRoutesWithoutTheDefaultsIsRefused() throws Exception {
        Guide.copy("routes/run", folder);

        assertCannotRun("routes has no defaults.camel.yaml", "runs");
        assertCannotRun("routes has no defaults.camel.yaml", "run", feedOf(1));
    }

    @Test
    void folderOfStatementsWithoutStatementsIsRefused() throws Exception {
        Files.createDirectory(folder.resolve("sql"));

        assertCannotRun(".sql does not exist", "run", feedOf(1));
    }

    @Test
    void embeddedPostgresqlKeepsItsDataAndEndsWithTheProcess() throws Exception {
        environment.remove("WAREHOUSE_JDBC_URL");
        apis.netsuite().stubFor(anyContract().willReturn(record(100)));
        String feed = feedOf(20);
        Path postmaster = folder.resolve("data/postgresql/postmaster.pid");
        int port;

        try (ChildProcess process = start("run", feed)) {
            await().atMost(Duration.ofSeconds(30)).until(() -> !process.isAlive() || apis.netsuiteCalls() > 0);
            port = Integer.parseInt(Files.readAllLines(postmaster).get(3).strip());
            assertThat(process.exitCode()).as(process.output()).isZero();
            assertThat(process.output()).containsPattern("loaded +20");
            process.assertFitToRead();
        }
        assertThat(postmaster).doesNotExist();
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
                .isInstanceOf(ConnectException.class);

        try (ChildProcess process = start("run", feed)) {
            assertThat(process.exitCode()).as(process.output()).isZero();
            assertThat(process.output())
                    .contains("run 2 of contracts.csv: COMPLETE")
                    .containsPattern("unchanged +20");
            process.assertFitToRead();
        }
        assertThat(postmaster).doesNotExist();
    }

    @Test
    void statementsAndRoutesOfTheFolderAreUsed() throws Exception {
        copy("sql", "load-batch.sql", "netsuite ->> 'name'", "upper(netsuite ->> 'name') || '!'");
        copy("routes", "run/contract.camel.yaml", "    id: enrich-contract\n", "    id: enrich-our-contract\n");
        copy("routes", "report/progress.camel.yaml", "period: 2000", "period: \"{{our.period}}\"");
        Files.writeString(folder.resolve("application.properties"), "our.period=7000\n");

        try (ChildProcess process = start("run", feedOf(2))) {
            assertThat(process.exitCode()).as(process.output()).isZero();
            process.assertFitToRead();
        }

        assertThat(query("SELECT contract_name FROM contract_enriched ORDER BY 1"))
                .containsExactly(Map.of("contract_name", "CON C-1!"), Map.of("contract_name", "CON C-2!"));
    }

    @Test
    void terminatedRunFinishesWhatIsInFlightAndExitsWith3() throws Exception {
        apis.netsuite().stubFor(anyContract().willReturn(record(300)));

        try (ChildProcess process = start("run", feedOf(2000))) {
            await().atMost(Duration.ofSeconds(30)).until(() -> !process.isAlive() || apis.netsuiteCalls() > 60);
            process.terminate();
            long start = System.nanoTime();
            assertThat(process.exitCode()).as(process.output()).isEqualTo(ExitCode.INCOMPLETE);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
            assertThat(process.output()).contains("INCOMPLETE, stopped");
            process.assertFitToRead();
        }

        assertThat(
                        query(
                                "SELECT status, reason, loaded + pending AS rows, loaded > 0 AND pending > 0 AS part_way FROM run"))
                .containsExactly(Map.of("status", "incomplete", "reason", "stopped", "rows", 2000L, "part_way", true));
        // Whatever was asked for is loaded: nothing was dropped on the way.
        assertThat(query("SELECT count(*) AS loaded FROM contract_enriched"))
                .containsExactly(Map.of("loaded", (long) apis.netsuiteCalls()));
    }

    @Test
    void killedRunIsNeverReportedAsFinished() throws Exception {
        apis.netsuite().stubFor(anyContract().willReturn(record(300)));

        try (ChildProcess process = start("run", feedOf(2000))) {
            await().atMost(Duration.ofSeconds(30)).until(() -> !process.isAlive() || apis.netsuiteCalls() > 60);
            process.kill();
            assertThat(process.exitCode()).isGreaterThan(ExitCode.INCOMPLETE);
            assertThat(process.output()).doesNotContain("COMPLETE");
        }

        assertThat(query("SELECT status, finished_at FROM run"))
                .singleElement()
                .satisfies(run ->
                        assertThat(run).containsEntry("status", "running").containsEntry("finished_at", null));
    }

    /** How many files there are in a folder. */
    private static long count(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).count();
        }
    }

    /**
     * Starts the process, which must end with exit code 1 and say why in one line, whatever it has logged before.
     *
     * @return everything it has said
     */
    private String assertCannotRun(String why, String... arguments) throws Exception {
        try (ChildProcess process = start(arguments)) {
            assertThat(process.exitCode()).as(process.output()).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(process.output().lines().filter(line -> !line.matches("\\d\\d:\\d\\d:\\d\\d .*")))
                    .as(process.output())
                    .filteredOn(line -> line.contains(why))
                    .hasSize(1);
            process.assertFitToRead();
            return process.output();
        }
    }

    /** Copies a folder of the project to where the process is started, unless it is there, and changes one file. */
    private void copy(String name, String file, String old, String changed) throws IOException {
        Path target = folder.resolve(name);
        if (!Files.exists(target)) {
            Guide.copy(name, folder);
        }
        String text = Files.readString(target.resolve(file));
        assertThat(text).contains(old);
        Files.writeString(target.resolve(file), text.replace(old, changed));
    }
}
