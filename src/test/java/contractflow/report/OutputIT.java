package contractflow.report;

import static contractflow.support.FakeApis.contract;
import static contractflow.support.FakeApis.netsuiteError;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import contractflow.contract.Json;
import contractflow.support.ChildProcess;
import contractflow.support.ProcessTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who looks at the process sees what suits them: a person at a terminal, a file, a program, or cron. */
@Tag("slow")
class OutputIT extends ProcessTest {

    private static final char ESCAPE = '\u001b';

    @Test
    void terminalHasOneLineThatIsDrawnAgain() throws Exception {
        assumeThat(Stream.of("/usr/bin/script", "/bin/script").map(Path::of)).anyMatch(Files::isExecutable);
        slowDown();

        try (ChildProcess process = ChildProcess.startOnTerminal(40, folder, environment, "run", feedOf(60))) {
            assertThat(process.exitCode()).as(process.output()).isEqualTo(ExitCode.ALL_LOADED);
            List<String> bars = Stream.of(process.output().split("[\r\n]+"))
                    .filter(line -> line.contains("/60 "))
                    .toList();
            assertThat(bars)
                    .hasSizeGreaterThan(2)
                    .allSatisfy(bar -> assertThat(bar).hasSizeLessThanOrEqualTo(40));
            assertThat(process.output()).contains(ESCAPE + "[K").contains("run 1 of contracts.csv: COMPLETE");
        }
    }

    @Test
    void pipeHasPlainLines() throws Exception {
        slowDown();

        try (ChildProcess process = start("run", feedOf(120))) {
            assertThat(process.exitCode()).as(process.output()).isEqualTo(ExitCode.ALL_LOADED);
            assertThat(process.output())
                    .containsPattern(
                            "INFO +report +run 1: \\d+ of 120 \\(\\d+ %\\), [\\d.]+ a second, .* left, 0 dead; netsuite ok, usage ok\n")
                    .contains("run 1 of contracts.csv: COMPLETE")
                    .doesNotContain(String.valueOf(ESCAPE), "\r");
            process.assertFitToRead();
        }
    }

    @Test
    void programHasObjectsOnly() throws Exception {
        slowDown();
        apis.netsuite()
                .stubFor(contract("C-2").willReturn(netsuiteError(404, "NONEXISTENT_ID", "There is no such record.")));

        try (ChildProcess process = start("run", feedOf(120), "--json")) {
            assertThat(process.exitCode()).as(process.output()).isEqualTo(ExitCode.DEAD_LETTERS);
            List<JsonNode> events = new ArrayList<>();
            for (String line : process.standardOutput().split("\n")) {
                events.add(Json.exact().readTree(line));
            }
            assertThat(events)
                    .extracting(event -> event.path("event").asText())
                    .contains("progress")
                    .endsWith("report");
            JsonNode report = events.get(events.size() - 1);
            assertThat(report.at("/run/loaded").asLong())
                    .isEqualTo(query("SELECT loaded FROM run").get(0).get("loaded"));
            assertThat(report.at("/dead_letters/0/reason").asText()).isEqualTo("404 NONEXISTENT_ID");
        }
    }

    @Test
    void cronHasNothingToMailAfterAGoodNight() throws Exception {
        try (ChildProcess process = start("run", feedOf(3), "--quiet")) {
            assertThat(process.exitCode()).isEqualTo(ExitCode.ALL_LOADED);
            assertThat(process.output()).isEmpty();
        }
        apis.netsuite()
                .stubFor(contract("C-2").willReturn(netsuiteError(404, "NONEXISTENT_ID", "There is no such record.")));
        try (ChildProcess process = start("run", feedOf(3), "-q")) {
            assertThat(process.exitCode()).isEqualTo(ExitCode.DEAD_LETTERS);
            assertThat(process.output())
                    .contains("run 2 of contracts.csv: COMPLETE", "404 NONEXISTENT_ID")
                    .doesNotContain("INFO");
        }
    }

    @Test
    void feedThatHasShrunkIsRunByForceOnly() throws Exception {
        try (ChildProcess process = start("report", "99")) {
            assertThat(process.exitCode()).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(process.output()).contains("there is no run 99");
        }
        query(
                "INSERT INTO run (feed, feed_sha256, usage_period, status, rows)"
                        + " SELECT 'contracts.csv', 'x', '2026-09', 'complete', 100 FROM generate_series(1, 3) RETURNING run_id");

        try (ChildProcess process = start("run", feedOf(2), "--json")) {
            assertThat(process.exitCode()).isEqualTo(ExitCode.COULD_NOT_RUN);
            JsonNode event = Json.exact().readTree(process.standardOutput());
            assertThat(event.get("event").asText()).isEqualTo("failure");
            assertThat(event.get("reason").asText())
                    .contains("the feed has 2 rows, 98 % fewer", "`run --force` runs it");
            process.assertFitToRead();
        }
        try (ChildProcess process = start("run", feedOf(2), "--force")) {
            assertThat(process.exitCode()).as(process.output()).isEqualTo(ExitCode.ALL_LOADED);
        }
        try (ChildProcess process = start("report", "--html")) {
            assertThat(process.exitCode()).isEqualTo(ExitCode.ALL_LOADED);
            assertThat(process.standardOutput()).startsWith("<!DOCTYPE html>").contains("<dd id=\"rows\">2</dd>");
        }
    }

    private void slowDown() {
        environment.put("NETSUITE_REQUESTS_PER_SECOND", "20");
    }
}
