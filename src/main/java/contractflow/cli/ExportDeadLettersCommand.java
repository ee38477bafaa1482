package contractflow.cli;

import com.fasterxml.jackson.databind.JsonNode;
import contractflow.contract.DeadLetterFilter;
import contractflow.contract.Json;
import contractflow.process.Routes;
import contractflow.report.ExitCode;
import contractflow.report.ListFormat;
import contractflow.report.StandardOutput;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** The rows of dead letters as a feed, which can be corrected and run. */
@Command(
        name = "export",
        description =
                "Prints the rows of the open dead letters as a feed, one for each contract, to be corrected and run.",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = ExitCode.COULD_NOT_RUN,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:printed",
            "1:could not be: bad configuration, a lock of another session",
            "3:the warehouse is unavailable"
        },
        footerHeading = "Example:%n",
        footer = "  contractflow dead-letters export --csv > corrections.csv")
final class ExportDeadLettersCommand implements Callable<Integer> {

    @ParentCommand
    private DeadLettersCommand parent;

    /** What is meant without it, too. */
    @SuppressWarnings("unused")
    @Option(names = "--csv", description = "As comma-separated values, which is so without it, too.")
    private boolean csv;

    @Option(names = "--run", paramLabel = "RUN", description = "Only those of this run.")
    private Long run;

    @Option(names = "--reason", paramLabel = "REASON", description = "Only those with this reason.")
    private String reason;

    @Override
    public Integer call() throws Exception {
        DeadLetterFilter filter = new DeadLetterFilter(run, reason, null, null, null);
        return parent.process().withWorkList(routes -> {
            @SuppressWarnings("unchecked")
            List<Map<String, Object>> letters =
                    Routes.ask(routes, "direct:export-dead-letters", filter, null, List.class);
            List<JsonNode> rows = letters.stream()
                    .map(letter -> Json.read((String) letter.get("row")))
                    .filter(JsonNode::isObject)
                    .toList();
            if (rows.size() < letters.size()) {
                System.err.println("contractflow: " + (letters.size() - rows.size())
                        + " rows could not be read as fields, and are left out; `dead-letters list` has them");
            }
            List<Map<String, Object>> feed = feed(rows);
            StandardOutput.printData(out -> ListFormat.CSV.print(feed, out, 0, Ansi.OFF));
            return ExitCode.ALL_LOADED;
        });
    }

    /** All have the columns of all. */
    private static List<Map<String, Object>> feed(List<JsonNode> rows) {
        Set<String> columns = new LinkedHashSet<>(List.of("contract_id", "customer_id"));
        rows.forEach(row -> row.fieldNames().forEachRemaining(columns::add));
        return rows.stream().map(row -> cells(columns, row)).toList();
    }

    private static Map<String, Object> cells(Set<String> columns, JsonNode row) {
        Map<String, Object> cells = new LinkedHashMap<>();
        columns.forEach(column -> {
            JsonNode value = row.path(column);
            cells.put(column, value.isValueNode() ? value.asText("") : value.isMissingNode() ? "" : value.toString());
        });
        return cells;
    }
}
