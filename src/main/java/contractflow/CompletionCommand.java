package contractflow;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command line as a shell knows it, once it has read this. */
@Command(
        name = "completion",
        description = "Prints a script for bash and zsh, which then complete commands, options and files at the press of a key.",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = ExitCode.COULD_NOT_RUN,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = "0:the script is on standard output",
        footerHeading = "Example:%n",
        footer = "  contractflow completion > /etc/bash_completion.d/contractflow")
final class CompletionCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        System.out.println(AutoComplete.bash(spec.root().name(), spec.root().commandLine()));
        return ExitCode.ALL_LOADED;
    }
}
