package contractflow.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import contractflow.api.job.ApiState;
import contractflow.contract.Json;
import contractflow.observe.ProgressLine;
import contractflow.observe.RunState;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is shown of a run, on a terminal, in a pipe and to a program, is what the files in {@code console/} say. */
class ConsoleTest {

    private static final ApiState WELL = api("netsuite", ApiState.State.OK, 0);
    private static final ApiState PAUSED = api("netsuite", ApiState.State.PAUSED, 12);
    private static final ApiState AWAY = api("usage", ApiState.State.OPEN, 0);

    /** A run from its first second to its last. */
    private static final List<RunState> NIGHT = List.of(
            run(0, 0, 0, null, false, null, WELL, api("usage", ApiState.State.OK, 0)),
            run(4_500, 3, 98.1, 56L, false, null, PAUSED, AWAY),
            run(4_500, 3, 0, 5_400L, true, null, WELL, AWAY),
            run(9_999, 120, 97.5, 0L, false, "stopped", WELL, api("usage", ApiState.State.OK, 0)),
            run(10_000, 120, 97.5, 0L, false, null, WELL, api("usage", ApiState.State.OK, 0)));

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, UTF_8);

    @Test
    void linesInPipe() throws Exception {
        assertThat(NIGHT.stream().map(ProgressLine::of).collect(Collectors.joining("\n", "", "\n")))
                .isEqualTo(golden("pipe.txt"));
    }

    @ParameterizedTest
    @ValueSource(ints = {120, 80, 40})
    void barOnTerminal(int columns) throws Exception {
        String lines = NIGHT.stream()
                .map(run -> ProgressLine.fitting(run, columns))
                .collect(Collectors.joining("\n", "", "\n"));

        assertThat(lines).isEqualTo(golden("terminal-" + columns + ".txt"));
        assertThat(lines.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(columns));
    }

    @Test
    void narrowestTerminalIsNotOverrun() {
        assertThat(IntStream.range(0, 40)
                        .boxed()
                        .flatMap(width -> NIGHT.stream()
                                .map(run ->
                                        width - ProgressLine.fitting(run, width).length())))
                .allSatisfy(spare -> assertThat(spare).isNotNegative());
    }

    @Test
    void bar_isDrawnOverItselfAndRemoved() throws Exception {
        try (RunBar bar = new RunBar(NIGHT.get(0), new Terminal(out, 80))) {
            NIGHT.forEach(bar::draw);
        }

        List<String> drawn = Stream.of(bytes.toString(UTF_8).split("\r"))
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        assertThat(golden("terminal-80.txt").lines().map(String::strip))
                .containsAll(drawn)
                .endsWith(drawn.get(drawn.size() - 1));
        assertThat(bytes.toString(UTF_8)).doesNotContain("\n").endsWith("\r");
    }

    @Test
    void objectsForProgram() throws Exception {
        Console console = console(Console.Output.JSON);
        for (RunState state : NIGHT) {
            for (int look = 0; look < 5; look++) {
                console.show(List.of(state));
            }
        }
        console.report(
                "for people", "{\"run\":{\"run_id\":12},\"samples\":[]}", Map.of("status", "complete", "dead", 0L));

        assertThat(bytes.toString(UTF_8)).isEqualTo(golden("program.ndjson"));
        for (String line : bytes.toString(UTF_8).split("\n")) {
            assertThat(Json.exact().readTree(line)).isInstanceOf(JsonNode.class);
        }
    }

    @Test
    void quietSaysOnlyWhatIsLeftToDo() throws Exception {
        Console console = console(Console.Output.QUIET);
        NIGHT.forEach(state -> show(console, state));
        console.report("all is well", "{}", Map.of("status", "complete", "dead", 0L));
        assertThat(bytes.toString(UTF_8)).isEmpty();

        console.report("one is dead", "{}", Map.of("status", "complete", "dead", 1L));
        console.report("not done", "{}", Map.of("status", "incomplete", "dead", 0L));
        assertThat(bytes.toString(UTF_8).lines()).containsExactly("one is dead", "not done");
    }

    private static void show(Console console, RunState state) {
        try {
            console.show(List.of(state));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private Console console(Console.Output output) {
        Console console = new Console(out);
        console.setOutput(output.name());
        return console;
    }

    private static ApiState api(String name, ApiState.State state, long pauseSeconds) {
        return new ApiState(name, state, pauseSeconds, 15, 14, 15, 100, 100, 4_510, 902.5, null);
    }

    private static RunState run(
            long done, long dead, double perSecond, Long left, boolean late, String stopping, ApiState... apis) {
        return new RunState(
                12,
                "contracts.csv",
                "2026-10",
                10_000,
                done,
                dead,
                46.5,
                perSecond,
                left,
                "2026-11-24T06:00:00Z",
                late,
                stopping,
                null,
                List.of(apis));
    }

    private static String golden(String name) throws Exception {
        try (InputStream file = ConsoleTest.class.getResourceAsStream("/console/" + name)) {
            return file == null ? "" : new String(file.readAllBytes(), UTF_8);
        }
    }
}
