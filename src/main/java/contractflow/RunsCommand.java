package contractflow;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** What the runs have come to. */
@Command(
        name = "runs",
        description = "Lists the runs with their numbers, the last one first.",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = ExitCode.COULD_NOT_RUN,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:listed", "1:could not be: bad configuration", "3:the warehouse is away"},
        footerHeading = "Example:%n",
        footer = "  contractflow runs --json | jq .status")
final class RunsCommand implements Callable<Integer> {

    @ParentCommand
    private ContractFlow contractFlow;

    @Option(names = "--json", description = "One JSON object a line.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        contractFlow.print("direct:list-runs", null, json);
        return ExitCode.ALL_LOADED;
    }
}
