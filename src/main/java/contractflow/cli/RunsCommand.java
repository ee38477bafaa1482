package contractflow.cli;

import contractflow.cli.options.ListOptions;
import contractflow.report.ExitCode;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** What the runs have come to. */
@Command(
        name = "runs",
        description = "Lists the runs with their numbers, the last one first.",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = ExitCode.COULD_NOT_RUN,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:listed",
            "1:could not be: bad configuration, a lock of another session",
            "3:the warehouse is unavailable"
        },
        footerHeading = "Example:%n",
        footer = {"  contractflow runs --feed contracts --last 7", "  contractflow runs --format json | jq .status"})
final class RunsCommand implements Callable<Integer> {

    @ParentCommand
    private RootCommand root;

    @Option(names = "--feed", paramLabel = "NAME", description = "Only those whose feed has this in its name.")
    private String feed;

    @Option(names = "--last", paramLabel = "N", description = "At most so many, the last ones.")
    private Long last;

    @Mixin
    private ListOptions options;

    @Override
    public Integer call() throws Exception {
        Map<String, Object> query = new HashMap<>();
        query.put("feed", feed);
        query.put("last", last);
        root.print("direct:list-runs", null, query, options);
        return ExitCode.ALL_LOADED;
    }
}
