package contractflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import contractflow.contract.DeadLetterFilter;
import contractflow.contract.Json;
import contractflow.process.Routes;
import contractflow.report.ListFormat;
import contractflow.support.ContractFlowTest;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Help.Ansi;

/** Each list, in each format, as src/test/resources/golden has it. */
class ListFormatTest extends ContractFlowTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    @BeforeEach
    void runsAndDeadLetters() throws Exception {
        execute("""
                INSERT INTO run (feed, feed_sha256, usage_period, status, rows, loaded, unchanged, dead, duplicate, pending, reason, seconds,
                                 started_at, finished_at)
                VALUES
                  ('contracts-20261124.csv', 'a', '2026-10', 'complete', 10412, 9000, 1400, 12, 0, 0, NULL, 301.26,
                   '2026-11-24T02:00:00Z', '2026-11-24T02:05:01Z'),
                  ('contracts-20261125.csv', 'b', '2026-10', 'incomplete', 10412, 9000, 0, 0, 0, 1412,
                   E'netsuite answered 503: "down"\\n for maintenance, and the sentence goes on beyond the edge of the screen', 900,
                   '2026-11-25T02:00:00Z', '2026-11-25T02:15:00Z'),
                  ('Überseeverträge.csv', 'c', '2026-10', 'failed', NULL, NULL, NULL, NULL, NULL, NULL, 'has no rows', 0.04,
                   '2026-11-25T03:00:00Z', '2026-11-25T03:00:00Z')""");
        execute("""
                INSERT INTO dead_letter (run_id, contract_id, customer_id, line_number, row, stage, reason, error, attempts, created_at)
                VALUES
                  (1, '1042', '107', 7, '{}', 'netsuite', '404 NONEXISTENT_ID', 'netsuite answered 404, =1+1, "no such record"', 1,
                   '2026-11-24T02:01:00Z'),
                  (2, NULL, NULL, 12, '"x"', 'feed', 'malformed row', 'not a JSON object', 0, '2026-11-25T02:00:01Z')""");
    }

    @ParameterizedTest
    @CsvSource({
        "runs, TABLE, pipe", "runs, TABLE, terminal", "runs, CSV, pipe", "runs, JSON, pipe",
        "dead-letters, TABLE, pipe", "dead-letters, TABLE, terminal", "dead-letters, CSV, pipe",
                "dead-letters, JSON, pipe"
    })
    void list_isPrintedAsTheGoldenFileHasIt(String list, ListFormat format, String where) throws Exception {
        assertGolden(list, rows(list, null, null), format, where);
    }

    @Test
    void runs_areThoseOfTheFeedAndTheLastOnes() throws Exception {
        assertThat(rows("runs", "CONTRACTS-", null))
                .extracting(row -> row.get("run"))
                .containsExactly(2L, 1L);
        assertThat(rows("runs", "contracts", 1L))
                .extracting(row -> row.get("run"))
                .containsExactly(2L);
        assertThat(rows("runs", "%", null)).isEmpty();
    }

    @Test
    void emptyList_printsNothing() throws Exception {
        for (ListFormat format : ListFormat.values()) {
            assertThat(print(List.of(), format, true)).isEmpty();
        }
    }

    /** The rows are printed as the golden file of that name has it; {@code -Dgolden.write=true} writes it. */
    static void assertGolden(String list, List<Map<String, Object>> rows, ListFormat format, String where)
            throws Exception {
        String printed = print(rows, format, where.equals("terminal"));
        Path golden = GOLDEN.resolve(list + "." + format.name().toLowerCase(Locale.ROOT) + "." + where + ".txt");
        if (Boolean.getBoolean("golden.write")) {
            Files.writeString(golden, printed);
        }
        assertThat(printed).isEqualTo(Files.readString(golden));
    }

    private List<Map<String, Object>> rows(String list, String feed, Long last) throws Exception {
        Map<String, Object> query = new HashMap<>();
        query.put("feed", feed);
        query.put("last", last);
        DeadLetterFilter all = new DeadLetterFilter(null, null, null, null, null);
        @SuppressWarnings("unchecked")
        List<Map<String, Object>> rows = Routes.ask(template, "direct:list-" + list, all, query, List.class);
        return rows;
    }

    private static String print(List<Map<String, Object>> rows, ListFormat format, boolean terminal) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (PrintStream printer = new PrintStream(out, true, StandardCharsets.UTF_8)) {
            format.print(rows, printer, terminal ? 120 : 0, terminal ? Ansi.ON : Ansi.OFF);
        }
        String printed = out.toString(StandardCharsets.UTF_8);
        if (format == ListFormat.JSON) {
            for (String line : printed.lines().toList()) {
                JsonNode object = Json.exact().readTree(line);
                assertThat(object.isObject()).isTrue();
            }
        }
        return printed;
    }
}
