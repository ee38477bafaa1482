package contractflow.report;

import static contractflow.support.FakeApis.contract;
import static contractflow.support.FakeApis.netsuiteError;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import contractflow.contract.DeadLetterFilter;
import contractflow.contract.Json;
import contractflow.process.Routes;
import contractflow.support.CapturedLog;
import contractflow.support.ContractFlowTest;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The report of a run says what the database says, to people and to programs, and needs nothing beside it. */
class ReportTest extends ContractFlowTest {

    private static final String SCRIPT = "<script>alert('x')</script>";

    @Test
    void reportHasTheNumbersOfTheRun() throws Exception {
        runBefore("contracts-20261101.csv", 10, 1, 30);
        runBefore("contracts-20261102.csv", 20, 2, 60);
        apis.netsuite()
                .stubFor(contract("C-2").willReturn(netsuiteError(404, "NONEXISTENT_ID", "There is no " + SCRIPT)));

        Map<String, Object> run;
        try (CapturedLog log = CapturedLog.listen()) {
            run = run(feed("contracts-20261103.csv", "contract_id,customer_id\nC-1,K\nC-2,K\nC-3,K\nC-3,K\n,K\n"));
            assertThat(log.lines()).isEmpty();
        }
        assertThat(ask("text"))
                .contains("run 3 of contracts-20261103.csv: COMPLETE")
                .contains("dead at netsuite    1  404 NONEXISTENT_ID")
                .contains("usually, by the median of the last 2: 15 rows (-67 % now), 2 dead, 45.0 seconds");

        assertThat(run).containsEntry("rows", 5L).containsEntry("loaded", 2L).containsEntry("dead", 2L);
        String page = Files.readString(reports.resolve("3.html"));
        JsonNode json = Json.exact().readTree(reports.resolve("3.json").toFile());
        for (String number : List.of("rows", "loaded", "unchanged", "dead", "duplicate", "pending")) {
            assertThat(json.at("/run/" + number).asLong()).as(number).isEqualTo(run.get(number));
            assertThat(page).contains("<dd id=\"" + number + "\">" + run.get(number) + "</dd>");
        }
        assertThat(json.at("/apis").findValuesAsText("calls"))
                .containsExactly(value("SELECT string_agg(calls::text, ',' ORDER BY api) FROM run_api")
                        .toString()
                        .split(","));
        assertThat(json.at("/dead_letters").findValuesAsText("letters")).containsExactly("1", "1");
        assertThat(json.at("/earlier").findValuesAsText("rows_percent_since")).containsExactly("-75.0", "-50.0");
        assertThat(page)
                .doesNotContain(SCRIPT)
                .contains("There is no &lt;script&gt;")
                .contains("-75.0 %");
        assertNothingIsLoaded(page);
    }

    @Test
    void pictureShowsHowTheRunWentOn() throws Exception {
        run(feedOf(3));
        execute("DELETE FROM run_sample");
        execute("""
                INSERT INTO run_sample
                SELECT 1, now() + make_interval(secs => i), i, i * 10, 0, jsonb_build_array(
                  jsonb_build_object('api', 'netsuite', 'calls', i * 10, 'call_seconds', i * 2),
                  jsonb_build_object('api', 'usage', 'calls', i % 500, 'call_seconds', i % 500))
                FROM generate_series(0, 1000) i""");

        JsonNode json = Json.exact().readTree(ask("json"));
        String page = new ReportPage().of(json.toString());

        assertThat(json.at("/samples")).hasSize(168);
        assertThat(json.at("/samples/0/per_second").isNull()).isTrue();
        for (int n = 1; n < json.at("/samples").size(); n++) {
            JsonNode sample = json.at("/samples").get(n);
            assertThat(sample.at("/per_second").asInt()).isEqualTo(10);
            assertThat(sample.at("/latency_ms/netsuite").asInt()).isEqualTo(200);
            assertThat(sample.at("/latency_ms/usage").asInt())
                    .as("also where a process has counted anew")
                    .isIn(1000, 0);
        }
        Matcher lines = Pattern.compile("<polyline class=\"line\\d\" points=\"([^\"]*)\"")
                .matcher(page);
        assertThat(lines.results().map(line -> line.group(1).trim().split(" ").length))
                .containsExactly(167, 167, 166);
    }

    @Test
    void letterThatWasNotReplayedYetIsNotDeadInTheReplay() throws Exception {
        apis.netsuite()
                .stubFor(contract("C-2").willReturn(netsuiteError(404, "NONEXISTENT_ID", "There is no such record.")));
        run(feedOf(3));
        execute(
                "INSERT INTO run (feed, feed_sha256, usage_period, status) VALUES ('dead letters', 'dead letters', '2026-10', 'incomplete')");
        execute(
                "INSERT INTO feed_row (run_id, line_number, contract_id, row, dead_letter_id) VALUES (2, 1, 'C-2', '{}', 1)");

        assertThat(ask("text")).startsWith("run 2 of dead letters").doesNotContain("dead at");
        assertThat(Json.exact().readTree(ask("json")).at("/dead_letters")).isEmpty();

        execute("INSERT INTO run_contract VALUES (2, 'C-2', 'dead')");
        assertThat(ask("text")).contains("dead at netsuite    1  404 NONEXISTENT_ID");
        assertThat(Json.exact()
                        .readTree(ask("json"))
                        .at("/dead_letters/0/letters")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void runEndsAsItDoesWhereItsReportCannotBeWritten() throws Exception {
        Files.delete(reports);
        Files.writeString(reports, "this is no folder");

        try (CapturedLog log = CapturedLog.listen()) {
            assertThat(run(feedOf(3))).containsEntry("status", "complete");
            assertThat(log.lines())
                    .anyMatch(line ->
                            line.matches("WARN The report of run 1 cannot be written to .*`report 1 --html` makes it"));
        }
        Files.delete(reports);
        Files.createDirectory(reports);
        assertThat(new ReportPage().of(ask("json"))).contains("Run 1 of contracts.csv");
        assertThat(ask("text")).startsWith("run 1 of contracts.csv: COMPLETE");
    }

    private String ask(String form) throws Exception {
        return Routes.ask(
                template, "direct:show-report", new DeadLetterFilter(null, null, null, null, null), form, String.class);
    }

    private static void assertNothingIsLoaded(String page) {
        assertThat(page).doesNotContainPattern("(?i)<(script|link|img|iframe)|src=|href=|url\\(|@import");
    }

    private void runBefore(String feed, int rows, int dead, int seconds) throws Exception {
        execute("INSERT INTO run (feed, feed_sha256, usage_period, status, rows, dead, seconds)"
                + " VALUES ('%s', '%s', '2026-09', 'complete', %d, %d, %d)".formatted(feed, feed, rows, dead, seconds));
    }
}
