package contractflow.cli.options;

import contractflow.report.Console;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** How much a command says of its runs. */
public final class OutputOptions {

    @ArgGroup
    private final Choice choice = new Choice();

    private static final class Choice {

        @Option(
                names = {"-q", "--quiet"},
                description = "Say nothing but warnings, and the report where something is left to do.")
        private boolean quiet;

        @Option(
                names = "--json",
                description = "Progress and report as JSON objects, one a line; the log goes to stderr.")
        private boolean json;
    }

    /** What was asked for, or what suits. */
    public Console.Output output() {
        return choice.quiet ? Console.Output.QUIET : choice.json ? Console.Output.JSON : Console.Output.usual();
    }
}
