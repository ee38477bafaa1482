package contractflow.observe;

import contractflow.api.job.ApiState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How a run is going, for a person to read. */
public final class ProgressLine {

    /** A bar that is shorter shows nothing that the percentage does not. */
    private static final int SHORTEST_BAR = 8;

    private static final int LONGEST_BAR = 40;

    private ProgressLine() {}

    /** All of it, such as for a log. */
    public static String of(RunState run) {
        return String.format(
                Locale.ROOT,
                "run %d: %s (%d %%), %s, %s%s, %,d dead; %s%s%s",
                run.runId(),
                doneOf(run, " of "),
                run.percent(),
                rate(run, " a second"),
                left(run),
                run.late() ? ", too late for " + run.deadline() : "",
                run.dead(),
                run.apis().stream().map(ProgressLine::words).collect(Collectors.joining(", ")),
                run.waiting() == null ? "" : "; " + run.waiting(),
                run.stopping() == null ? "" : "; stopping: " + run.stopping());
    }

    /**
     * As much of it as there is room for, and a bar.
     *
     * @param width columns of the terminal
     */
    public static String fitting(RunState run, int width) {
        // In the order in which they are given up last; the numbers say where they stand.
        List<Piece> pieces = new ArrayList<>();
        pieces.add(new Piece(2, run.percent() + " %"));
        pieces.add(new Piece(3, doneOf(run, "/")));
        pieces.add(new Piece(5, run.late() ? left(run) + ", LATE" : left(run)));
        if (run.stopping() != null) {
            pieces.add(new Piece(8, "stopping"));
        }
        for (ApiState api : run.apis()) {
            if (api.state() != ApiState.State.OK) {
                pieces.add(new Piece(10, words(api)));
            }
        }
        if (run.waiting() != null) {
            pieces.add(new Piece(11, run.waiting()));
        }
        pieces.add(new Piece(6, String.format(Locale.ROOT, "%,d dead", run.dead())));
        pieces.add(new Piece(4, rate(run, "/s")));
        pieces.add(new Piece(0, "run " + run.runId()));
        for (ApiState api : run.apis()) {
            if (api.state() == ApiState.State.OK) {
                pieces.add(new Piece(9, words(api)));
            }
        }

        TreeMap<Integer, String> line = new TreeMap<>();
        int room = width;
        for (Piece piece : pieces) {
            int needed = piece.text.length() + (line.isEmpty() ? 0 : 2);
            if (needed <= room) {
                line.merge(piece.place, piece.text, (before, next) -> before + "  " + next);
                room -= needed;
            }
        }
        int bar = Math.min(room - 2, LONGEST_BAR);
        if (bar >= SHORTEST_BAR) {
            line.put(1, bar(run, bar));
        }
        return String.join("  ", line.values());
    }

    private record Piece(int place, String text) {}

    private static String bar(RunState run, int length) {
        int inside = length - 2;
        int done = run.rows() == 0 ? inside : (int) (inside * run.done() / run.rows());
        return "[" + "=".repeat(done) + " ".repeat(inside - done) + "]";
    }

    private static String doneOf(RunState run, String of) {
        return String.format(Locale.ROOT, "%,d%s%,d", run.done(), of, run.rows());
    }

    private static String rate(RunState run, String unit) {
        return String.format(Locale.ROOT, "%.1f%s", run.perSecond(), unit);
    }

    private static String left(RunState run) {
        return clock(run.secondsLeft()) + " left";
    }

    private static String words(ApiState api) {
        return api.api() + " " + api.inWords();
    }

    /**
     * @param seconds null where it is unknown
     */
    static String clock(Long seconds) {
        return seconds == null
                ? "?"
                : String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
}
