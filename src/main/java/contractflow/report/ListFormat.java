package contractflow.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.dataformat.csv.CsvGenerator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Help.Ansi;

/** How a list is printed. A row is a map of its columns; its column {@code json} is the row for programs. */
public enum ListFormat {
    /** Aligned columns under a header. */
    TABLE,
    /** Comma-separated values with a header, as RFC 4180 has them. */
    CSV,
    /** One JSON object a line. */
    JSON;

    private static final String OBJECT = "json";
    private static final String GAP = "  ";
    private static final String STATUS = "status";
    private static final Map<String, String> COLOURS =
            Map.of("complete", "green", "incomplete", "yellow", "failed", "red", "running", "cyan");

    /** A column of a table. */
    private record Column(String name, int width, boolean isNumber) {

        static Column of(String name, List<Map<String, Object>> rows) {
            int widest = rows.stream()
                    .mapToInt(row -> text(row.get(name)).length())
                    .max()
                    .orElse(0);
            boolean number =
                    rows.stream().map(row -> row.get(name)).allMatch(value -> value == null || value instanceof Number);
            return new Column(name, Math.max(name.length(), widest), number);
        }

        String cell(String text) {
            String blanks = " ".repeat(width - text.length());
            return isNumber ? blanks + text : text + blanks;
        }
    }

    /**
     * @param width of the terminal in characters, at which the lines of a table are cut; 0 where there is no terminal
     * @param ansi whether a table has colours
     */
    public void print(List<Map<String, Object>> rows, PrintStream out, int width, Ansi ansi) throws IOException {
        switch (this) {
            case JSON -> rows.forEach(row -> out.println(row.get(OBJECT)));
            case CSV -> printCsv(rows, out);
            case TABLE -> printTable(rows, out, width, ansi);
        }
    }

    private static List<String> names(List<Map<String, Object>> rows) {
        return rows.stream()
                .limit(1)
                .flatMap(row -> row.keySet().stream())
                .filter(name -> !name.equals(OBJECT))
                .toList();
    }

    private static void printCsv(List<Map<String, Object>> rows, PrintStream out) throws IOException {
        if (rows.isEmpty()) {
            return;
        }
        List<String> names = names(rows);
        CsvSchema.Builder schema = CsvSchema.builder().setUseHeader(true);
        names.forEach(schema::addColumn);
        CsvMapper mapper = new CsvMapper();
        mapper.enable(CsvGenerator.Feature.STRICT_CHECK_FOR_QUOTING);
        mapper.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        try (SequenceWriter writer = mapper.writer(schema.build()).writeValues(out)) {
            for (Map<String, Object> row : rows) {
                writer.write(names.stream()
                        .map(name -> Objects.requireNonNullElse(row.get(name), ""))
                        .toArray());
            }
        }
    }

    private static void printTable(List<Map<String, Object>> rows, PrintStream out, int width, Ansi ansi) {
        List<Column> columns =
                names(rows).stream().map(name -> Column.of(name, rows)).toList();
        if (!rows.isEmpty()) {
            out.println(ansi.string("@|bold " + cut(line(columns, Column::name), width) + "|@"));
        }
        for (Map<String, Object> row : rows) {
            String line = cut(line(columns, column -> text(row.get(column.name()))), width);
            out.println(
                    COLOURS.containsKey(text(row.get(STATUS)))
                            ? coloured(line, text(row.get(STATUS)), columns, ansi)
                            : line);
        }
    }

    private static String line(List<Column> columns, Function<Column, String> text) {
        return columns.stream()
                .map(column -> column.cell(text.apply(column)))
                .collect(Collectors.joining(GAP))
                .stripTrailing();
    }

    private static String coloured(String line, String status, List<Column> columns, Ansi ansi) {
        int start = columns.stream()
                .takeWhile(column -> !column.name().equals(STATUS))
                .mapToInt(c -> c.width() + GAP.length())
                .sum();
        int end = start + status.length();
        return end > line.length()
                ? line
                : line.substring(0, start)
                        + ansi.string("@|" + COLOURS.get(status) + " " + status + "|@")
                        + line.substring(end);
    }

    private static String cut(String line, int width) {
        return width <= 0 || line.length() <= width ? line : line.substring(0, width - 1) + "…";
    }

    /** On one line, whatever a feed or an API has written. */
    private static String text(Object value) {
        return value == null ? "" : value.toString().replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ");
    }
}
