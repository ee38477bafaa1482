package contractflow.report;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Body;
import picocli.CommandLine.Help.Ansi;

/** Dead letters as comma-separated values, which a user opens in a spreadsheet. */
public final class DeadLettersCsv {

    /** Most rows of one file; {@code sql/page/csv.sql} returns one more where there are more. */
    static final int MOST_ROWS = 50_000;

    private DeadLettersCsv() {}

    /**
     * Says in the name of the file whether dead letters are missing from it.
     *
     * @param rows what {@code sql/page/csv.sql} returned
     * @return the value of {@code Content-Disposition}
     */
    public static String disposition(@Body List<?> rows) {
        return "attachment; filename=dead-letters" + (rows.size() > MOST_ROWS ? "-oldest-" + MOST_ROWS : "") + ".csv";
    }

    /**
     * @param rows each by its columns' names; those beyond {@link #MOST_ROWS} are left out
     * @return UTF-8
     */
    public static byte[] of(@Body List<Map<String, Object>> rows) throws IOException {
        ByteArrayOutputStream csv = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(csv, false, StandardCharsets.UTF_8)) {
            ListFormat.CSV.print(
                    rows.stream().limit(MOST_ROWS).map(DeadLettersCsv::asText).toList(), out, 0, Ansi.OFF);
        }
        return csv.toByteArray();
    }

    /** To a spreadsheet a cell that begins like a formula is one, though a feed or an API has written it. */
    private static Map<String, Object> asText(Map<String, Object> row) {
        Map<String, Object> cells = new LinkedHashMap<>(row);
        cells.replaceAll((name, value) ->
                value instanceof String text && text.matches("(?s)[=+\\-@\t\r].*") ? "'" + text : value);
        return cells;
    }
}
