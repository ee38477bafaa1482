package contractflow.cli;

import contractflow.api.http.HttpProxies;
import contractflow.check.Check;
import contractflow.failure.SetupException;
import contractflow.feed.Feed;
import contractflow.process.Routes;
import contractflow.report.ExitCode;
import java.io.File;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** A look at everything that a run needs, before the night. */
@Command(
        name = "check",
        description = "Tries the settings, the warehouse, the credentials and a few contracts, and writes nothing.",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = ExitCode.COULD_NOT_RUN,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:a run can be started", "1:it cannot, or would fail: see the lines that say problem"},
        footerHeading = "Example:%n",
        footer = "  contractflow check --sample 20 contracts.csv")
final class CheckCommand implements Callable<Integer> {

    @ParentCommand
    private RootCommand root;

    @Option(
            names = "--sample",
            paramLabel = "N",
            defaultValue = "5",
            description =
                    "Contracts to ask for, ${DEFAULT-VALUE} where nothing is said; with 0 no contract is asked for.")
    private int sample;

    @Parameters(
            arity = "0..1",
            paramLabel = "FEED",
            description =
                    "Where they are from; else the newest feed of feed.directory or, where there is none, NetSuite's list.")
    private File file;

    @Override
    public Integer call() throws Exception {
        if (sample < 0) {
            throw new SetupException("--sample must be a whole number from 0");
        }
        Check check = new Check(file == null ? null : Feed.of(file), sample, System.out);
        return root.process().withReadOnlyWarehouse(routes -> {
            check.ok("settings", "each of them is known, and says what it can mean");
            String proxies = HttpProxies.describe(routes.getCamelContext());
            if (!proxies.isEmpty()) {
                check.note("proxy", "calls: " + proxies);
            }
            Routes.ask(routes, "direct:check-setup", null, check, Object.class);
            return check.isClean() ? ExitCode.ALL_LOADED : ExitCode.COULD_NOT_RUN;
        });
    }
}
