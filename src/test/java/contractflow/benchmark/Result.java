package contractflow.benchmark;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A line of the table. What does not apply is null.
 *
 * @param wall seconds from the run's opening to its close
 * @param floor the least that it could take, in seconds
 * @param refusals answers 429
 * @param callsPerSecond that the API saw which was asked faster
 * @param cpuPerThousand CPU seconds for 1,000 contracts
 * @param peakMib the most memory that the process has held
 * @param note what the numbers above do not say
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Result(
        String scenario,
        long contracts,
        Double wall,
        Double floor,
        Long refusals,
        Double callsPerSecond,
        Double cpuPerThousand,
        Long peakMib,
        String note) {

    private static final List<String> COLUMNS = List.of(
            "scenario",
            "contracts",
            "wall s",
            "floor s",
            "ratio",
            "refusals",
            "calls/s",
            "CPU s/1,000",
            "peak MiB",
            "note");

    /** Wall time by floor. */
    public Double getRatio() {
        return wall == null || floor == null || floor == 0 ? null : wall / floor;
    }

    static String table(List<Result> results) {
        List<List<String>> rows = results.stream().map(Result::cells).toList();
        List<Integer> widths = IntStream.range(0, COLUMNS.size())
                .mapToObj(i -> IntStream.concat(
                                IntStream.of(COLUMNS.get(i).length()),
                                rows.stream().mapToInt(row -> row.get(i).length()))
                        .max()
                        .orElse(0))
                .toList();
        return IntStream.rangeClosed(-1, rows.size() - 1)
                .mapToObj(row -> line(row < 0 ? COLUMNS : rows.get(row), widths))
                .collect(Collectors.joining(System.lineSeparator()));
    }

    private static String line(List<String> cells, List<Integer> widths) {
        return IntStream.range(0, cells.size())
                .mapToObj(i -> {
                    boolean text = i == 0 || i == cells.size() - 1;
                    return String.format("%" + (text ? "-" : "") + widths.get(i) + "s", cells.get(i));
                })
                .collect(Collectors.joining("  "))
                .stripTrailing();
    }

    private List<String> cells() {
        return List.of(
                scenario,
                String.format(Locale.ROOT, "%,d", contracts),
                number("%.1f", wall),
                number("%.1f", floor),
                number("%.3f", getRatio()),
                refusals == null ? "" : String.format(Locale.ROOT, "%,d", refusals),
                number("%,.1f", callsPerSecond),
                number("%.2f", cpuPerThousand),
                peakMib == null ? "" : peakMib.toString(),
                Objects.toString(note, ""));
    }

    private static String number(String format, Double value) {
        return value == null ? "" : String.format(Locale.ROOT, format, value);
    }
}
