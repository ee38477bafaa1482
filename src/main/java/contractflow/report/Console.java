package contractflow.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import contractflow.config.LogContext;
import contractflow.config.LogSettings;
import contractflow.contract.Json;
import contractflow.observe.ProgressLine;
import contractflow.observe.RunState;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.Marker;
import org.slf4j.MarkerFactory;

/** What the terminal shows of the runs. */
public final class Console {

    /** How much of it, and for whom. */
    public enum Output {
        /** Lines of the log: for a file, and for a service. */
        LINES,
        /** One line that is drawn again and again: for a terminal. */
        BAR,
        /** JSON objects, one a line: for a program. */
        JSON,
        /** Nothing, unless something is left to do: for cron, which mails what there is. */
        QUIET;

        /** The form that suits the terminal or the pipe. */
        public static Output usual() {
            return Terminal.isThere() && !LogSettings.isForPrograms() ? BAR : LINES;
        }
    }

    /** The property by which the routes know it. */
    public static final String OUTPUT = "contractflow.output";

    private static final Logger LOG = LoggerFactory.getLogger("contractflow.report");

    /** What makes the log leave it in several lines. */
    private static final Marker REPORT = MarkerFactory.getMarker("report");

    /** A line comes with every so many looks, which are a second apart. */
    private static final int LOOKS = 5;

    private final PrintStream out;
    private Output output = Output.LINES;
    private int looks;
    private RunBar bar;

    public Console() {
        this(System.out);
    }

    Console(PrintStream out) {
        this.out = out;
    }

    /**
     * @param output the name of an {@link Output}
     */
    public void setOutput(String output) {
        this.output = Output.valueOf(output);
    }

    /** Shows how the runs are going; is called every second. */
    public synchronized void show(@Body List<RunState> runs) throws JsonProcessingException {
        boolean turn = ++looks % LOOKS == 0;
        if (output == Output.BAR) {
            draw(runs);
        } else if (turn && output == Output.JSON) {
            for (RunState run : runs) {
                print("progress", Json.exact().valueToTree(run));
            }
        } else if (turn && output == Output.LINES) {
            for (RunState run : runs) {
                MDC.put(LogContext.RUN, String.valueOf(run.runId()));
                LOG.info(ProgressLine.of(run));
                MDC.remove(LogContext.RUN);
            }
        }
    }

    /**
     * Shows what a run has come to.
     *
     * @param text for people
     * @param json for programs, and the pictures that they would draw from it
     * @param closed its row; null where another process has closed it
     */
    public synchronized void report(
            @Variable("reportText") String text, @Body String json, @Variable("closed") Map<String, Object> closed)
            throws JsonProcessingException {
        draw(List.of());
        switch (output) {
            case JSON -> {
                ObjectNode report = (ObjectNode) Json.exact().readTree(json);
                report.remove("samples");
                print("report", report);
            }
            case QUIET -> {
                if (ExitCode.of(closed) != ExitCode.ALL_LOADED) {
                    out.println(text);
                }
            }
            default -> LOG.info(REPORT, text);
        }
    }

    private void draw(List<RunState> runs) {
        if (bar != null && runs.stream().noneMatch(bar::isOf)) {
            bar.close();
            bar = null;
        }
        if (bar == null && !runs.isEmpty()) {
            bar = new RunBar(runs.get(0), new Terminal(out));
        }
        runs.stream().filter(run -> bar.isOf(run)).forEach(run -> bar.draw(run));
    }

    private void print(String event, ObjectNode what) throws JsonProcessingException {
        ObjectNode line = Json.exact().createObjectNode().put("event", event);
        out.println(Json.exact().writeValueAsString(line.setAll(what)));
        out.flush();
    }
}
