package contractflow.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import contractflow.process.CamelProcess;
import contractflow.report.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.AutoComplete;
import picocli.CommandLine;

/** The command line has help, and names what was probably meant. */
public class CommandLineTest {

    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

    /** What a press of the key does. */
    private static final String COMPLETE = """
            compopt() { :; }
            source "$1"; shift
            COMP_WORDS=(contractflow "$@"); COMP_CWORD=$#
            _complete_contractflow
            echo "${COMPREPLY[@]}"
            """;

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandSaysItsExitCodesAndShowsAnExample(CommandLine command) {
        CommandLine.Model.UsageMessageSpec usage = command.getCommandSpec().usageMessage();

        assertThat(usage.exitCodeList()).containsKey("0");
        assertThat(usage.exitCodeList().keySet()).isSubsetOf("0", "1", "2", "3");
        assertThat(command.getUsageMessage()).contains("Example");
        assertThat(examplesOf(command))
                .isNotEmpty()
                .anyMatch(line -> line.contains(command.getCommandSpec().qualifiedName()));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyExampleIsUnderstood(CommandLine command) {
        assertThat(examplesOf(command)).allSatisfy(CommandLineTest::assertUnderstood);
    }

    /** Each command of a pipe that is one of ours, as far as it stands there. */
    public static void assertUnderstood(String line) {
        for (String part : line.split("[|<>]")) {
            List<String> words = WORD.matcher(part.replaceAll("\"\\$\\(.*\\)\"", "FILE"))
                    .results()
                    .map(CommandLineTest::word)
                    .toList();
            int ours = words.indexOf("contractflow");
            if (ours >= 0) {
                Stream<String> arguments = words.stream().skip(ours + 1L);
                // What xargs adds.
                arguments = words.contains("xargs") ? Stream.concat(arguments, Stream.of("1")) : arguments;
                commandLine().parseArgs(arguments.toArray(String[]::new));
            }
        }
    }

    private static String word(MatchResult match) {
        return match.group(1) == null ? match.group(2) : match.group(1);
    }

    private static List<String> examplesOf(CommandLine command) {
        String footer = String.join(
                        "\n", command.getCommandSpec().usageMessage().footer())
                .replaceAll("[|]\\n +", "| ");
        return footer.lines()
                .map(String::strip)
                .filter(line -> line.startsWith("contractflow "))
                .toList();
    }

    static Stream<CommandLine> commands() {
        return withSubcommands(commandLine());
    }

    private static Stream<CommandLine> withSubcommands(CommandLine command) {
        return Stream.concat(
                // The completion is picocli's.
                Stream.of(command).filter(known -> !(known.getCommand() instanceof AutoComplete.GenerateCompletion)),
                command.getSubcommands().values().stream().flatMap(CommandLineTest::withSubcommands));
    }

    private static CommandLine commandLine() {
        return RootCommand.commandLine(new CamelProcess());
    }

    @ParameterizedTest
    @CsvSource({
        "rnu contracts.csv, Did you mean: contractflow run?",
        "deadletters, Did you mean: contractflow dead-letters?",
        "dead-letters lst, Did you mean: contractflow dead-letters list?",
        "rn contracts.csv, Did you mean: contractflow run?",
        "run --jsn contracts.csv, Did you mean: contractflow run --json?",
        "runs --lst 3, Did you mean: contractflow runs --last?",
        "runs --lst=3, Did you mean: contractflow runs --last?",
        "runs --format xml, See contractflow runs --help",
        "run, See contractflow run --help",
        "run a.csv b.csv, See contractflow run --help",
    })
    void whatMayHaveBeenMeantIsSaid(String arguments, String said) {
        StringWriter err = new StringWriter();

        int exitCode = commandLine().setErr(new PrintWriter(err, true)).execute(arguments.split(" "));

        assertThat(exitCode).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(err.toString().lines()).hasSize(2).last().isEqualTo(said);
        assertThat(err.toString()).startsWith("contractflow: ");
    }

    @Test
    void severalDeadLettersMayBeNamedAtOnce() {
        commandLine().parseArgs("dead-letters", "discard", "--because", "sold", "--id", "34", "35", "--id", "36");
    }

    @Test
    void shellThatHasReadTheCompletionCompletes(@TempDir Path folder) throws Exception {
        assumeTrue(
                Stream.of("/bin/bash", "/usr/bin/bash").anyMatch(bash -> Files.isExecutable(Path.of(bash))),
                "there is no bash");
        Path script = Files.writeString(folder.resolve("completion"), AutoComplete.bash("contractflow", commandLine()));

        assertThat(completions(script, "dead")).isEqualTo("dead-letters");
        assertThat(completions(script, "dead-letters", "di")).isEqualTo("discard");
        assertThat(completions(script, "run", "--qu")).isEqualTo("--quiet");
        assertThat(completions(script, "run", script.toString().replaceAll("ion$", "")))
                .isEqualTo(script.toString());
    }

    /** What bash makes of the last word. */
    private static String completions(Path script, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("bash", "-c", COMPLETE, "bash", script.toString()));
        command.addAll(List.of(words));
        Process bash = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(bash.getInputStream().readAllBytes(), UTF_8).strip();
    }
}
