package contractflow;

import java.io.File;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** One run, then the end: for cron, and for a look at one feed. */
@Command(
        name = "run",
        description = "Brings one feed into the warehouse, then exits.",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = ExitCode.COULD_NOT_RUN,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:every contract is loaded or unchanged",
            "1:could not run: bad configuration, unreadable feed",
            "2:finished, with dead letters",
            "3:incomplete: run it again to resume"
        })
final class RunCommand implements Callable<Integer> {

    @ParentCommand
    private ContractFlow contractFlow;

    @Parameters(paramLabel = "FILE", description = "The feed: .csv, .json, .ndjson or .jsonl.")
    private File file;

    @Override
    public Integer call() throws Exception {
        Feed.of(file);
        return contractFlow.withAllRoutes(
                routes -> exitCode(ContractFlow.ask(routes, "direct:run-feed", null, file, Map.class)));
    }

    /**
     * @param run its row, as it was closed
     */
    static int exitCode(Map<?, ?> run) {
        return switch (String.valueOf(run.get("status"))) {
            case "complete" -> ((Number) run.get("dead")).longValue() == 0 ? ExitCode.ALL_LOADED : ExitCode.DEAD_LETTERS;
            case "incomplete" -> ExitCode.INCOMPLETE;
            default -> ExitCode.COULD_NOT_RUN;
        };
    }
}
