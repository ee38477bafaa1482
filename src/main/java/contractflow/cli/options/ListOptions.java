package contractflow.cli.options;

import contractflow.report.ListFormat;
import contractflow.report.StandardOutput;
import contractflow.report.Terminal;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;

/** How a command prints its list. */
public final class ListOptions {

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES}; a table unless it says otherwise, cut to the width of a terminal.")
    private ListFormat format = ListFormat.TABLE;

    @Option(names = "--json", description = "As --format json: one JSON object a line.")
    private boolean json;

    public void print(List<Map<String, Object>> rows) throws Exception {
        ListFormat chosen = json ? ListFormat.JSON : format;
        if (rows.isEmpty() && chosen == ListFormat.TABLE) {
            System.err.println("contractflow: there is nothing to list");
        }
        StandardOutput.Printing printing = out -> chosen.print(rows, out, width(), Ansi.AUTO);
        if (chosen == ListFormat.TABLE) {
            StandardOutput.print(printing);
        } else {
            StandardOutput.printData(printing);
        }
    }

    private static int width() throws IOException {
        return Terminal.isThere() ? new Terminal(System.out).getMaxRenderedLength() : 0;
    }
}
