package contractflow.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import contractflow.report.ExitCode;
import contractflow.support.ChildProcess;
import contractflow.support.Guide;
import contractflow.support.ProcessTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A rehearsal finds each promise kept by the routes that are shipped, and names the promise that a changed route breaks. */
@Tag("slow")
class RehearseIT extends ProcessTest {

    private static final long LONGEST_SECONDS = 300;

    @BeforeEach
    void copyTheUsersFiles() throws Exception {
        environment.remove("NETSUITE_CONTRACTS_PER_CALL");
        environment.remove("USAGE_CUSTOMERS_PER_CALL");
        for (String name : List.of("routes", "sql", "application.properties")) {
            Guide.copy(name, folder);
        }
    }

    @Test
    void routesThatAreShippedKeepEachPromise_andNothingOfTheUserIsTouched() throws Exception {
        try (ChildProcess process = start("rehearse", "--contracts", "600")) {
            assertThat(process.exitCodeWithin(LONGEST_SECONDS))
                    .as(process.output())
                    .isEqualTo(ExitCode.ALL_LOADED);
            assertThat(process.standardOutput().lines())
                    .hasSize(BadNight.values().length)
                    .allMatch(line -> line.startsWith("kept "))
                    .anyMatch(line -> line.contains("missing and unknown ids") && line.contains("600 loaded, 20 dead"))
                    .allMatch(line -> line.contains("600 loaded"));
            process.assertFitToRead();
        }
        assertThat(query("SELECT count(*) AS runs FROM run").get(0)).containsEntry("runs", 0L);
        assertThat(apis.netsuite().getAllServeEvents()).isEmpty();
        assertThat(apis.usage().getAllServeEvents()).isEmpty();
    }

    @Test
    void breakerThatSwallowsAnOutageIsFoundByItsRows() throws Exception {
        change("routes/api/usage.camel.yaml", "                    name: check-service\n", """
                        name: check-service
                onFallback:
                  steps:
                    - setHeader:
                        name: CamelHttpResponseCode
                        expression:
                          constant:
                            expression: "200"
                    - setBody:
                        expression:
                          simple:
                            expression: '{"from":"${variable.run.usageFrom}","to":"${variable.run.usageTo}","windowSize":"MONTH","data":[]}'
                """.indent(12));

        assertThat(brokenBy("clean,usage-outage"))
                .contains("broken  usage API outage, 10 s")
                .containsPattern(
                        "each row is that of a clean run, but \\d+ are loaded with other values, such as 1\\d{4}")
                .contains("kept    a clean run");
    }

    @Test
    void deadLetterThatIsLostIsFoundByItsContract() throws Exception {
        change(
                "routes/failure/dead-letters.camel.yaml",
                "{{contractflow.sql}}/failure/write-dead-letter.sql",
                "SELECT 1");

        assertThat(brokenBy("bad-ids"))
                .contains("broken  missing and unknown ids")
                .contains("every contract is accounted for, but 20 are neither loaded nor a dead letter, such as ")
                .contains("each bad contract is a dead letter, but 20 are bad and no dead letter");
    }

    @Test
    void limitThatIsLeftOutIsFoundByTheApi() throws Exception {
        change("routes/api/usage-lookup.camel.yaml", "- policy:", "- pipeline:");
        change("routes/api/usage-lookup.camel.yaml", "            ref: usage\n", "");
        environment.put("USAGE_REQUESTS_PER_SECOND", "5");

        assertThat(brokenBy("clean"))
                .contains("broken  a clean run")
                .containsPattern(
                        "usage.requests-per-second is never exceeded, but \\d+ calls came within a second, and at most 6 ");
    }

    @Test
    void whatCannotBeRehearsedIsRefused() throws Exception {
        try (ChildProcess process = start("rehearse", "--contracts", "99")) {
            assertThat(process.exitCode()).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(process.output()).contains("--contracts must be a whole number from 100 to 9900");
        }
        try (ChildProcess process = start("rehearse", "--night", "full-moon")) {
            assertThat(process.exitCode()).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(process.output()).contains("full-moon").contains("usage-outage");
        }
        assertThat(folder.resolve("data")).doesNotExist();
    }

    private String brokenBy(String nights) throws Exception {
        try (ChildProcess process = start("rehearse", "--contracts", "300", "--night", nights)) {
            assertThat(process.exitCodeWithin(LONGEST_SECONDS))
                    .as(process.output())
                    .isEqualTo(ExitCode.COULD_NOT_RUN);
            process.assertFitToRead();
            return process.standardOutput();
        }
    }

    /** Changes one place of a file. */
    private void change(String name, String from, String to) throws Exception {
        Path file = folder.resolve(name);
        String text = Files.readString(file);
        Files.writeString(file, text.replace(from, to));
        assertThat(Files.readString(file)).isNotEqualTo(text);
    }
}
