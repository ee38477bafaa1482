package contractflow.cli;

import contractflow.cli.options.OutputOptions;
import contractflow.contract.DeadLetterFilter;
import contractflow.failure.RunLeftOpen;
import contractflow.failure.SetupException;
import contractflow.failure.WarehouseFault;
import contractflow.feed.Feed;
import contractflow.feed.FoundFeed;
import contractflow.process.Routes;
import contractflow.report.ExitCode;
import contractflow.warehouse.LockWaits;
import java.io.File;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.camel.ProducerTemplate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
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
            "3:incomplete, or the feed is still being written: run it again"
        },
        footerHeading = "Example:%n",
        footer = "  contractflow run contracts.csv")
final class RunCommand implements Callable<Integer> {

    @ParentCommand
    private RootCommand root;

    @Parameters(paramLabel = "FILE", description = "The feed: .csv, .json, .ndjson or .jsonl.")
    private File file;

    @Option(names = "--force", description = "Run the feed even if it is much smaller than usual.")
    private boolean force;

    @Mixin
    private OutputOptions options;

    @Override
    public Integer call() throws Exception {
        FoundFeed feed = Feed.find(file.toPath());
        root.process().show(options.output());
        if (force) {
            root.process().override("contractflow.force", "true");
        }
        return root.process().withAllRoutes(routes -> exitCode(ask(routes, "direct:run-file", null, feed, Map.class)));
    }

    /** Has a route run something; a run that the database's absence kept from being closed is incomplete. */
    static <T> T ask(ProducerTemplate routes, String route, DeadLetterFilter filter, Object body, Class<T> type)
            throws Exception {
        try {
            return Routes.ask(routes, route, filter, body, type);
        } catch (Exception e) {
            if (WarehouseFault.isLock(e)) {
                throw new RunLeftOpen(
                        LockWaits.describe(e, routes.getCamelContext()) + "; the next start resumes the run", e);
            }
            if (WarehouseFault.saysAway(e)) {
                throw new SetupException(
                        "the warehouse is unavailable, the next start resumes the run: " + WarehouseFault.message(e),
                        e);
            }
            if (WarehouseFault.isRefusedTrust(e)) {
                throw new RunLeftOpen(
                        "the run is incomplete, the next start resumes it: " + WarehouseFault.message(e), e);
            }
            throw e;
        }
    }

    /**
     * What a run has come to, with a line where another process has closed it.
     *
     * @param run its row, as it was closed; null where another process has closed it
     * @return an {@link ExitCode}
     */
    static int exitCode(Map<?, ?> run) {
        if (run == null) {
            System.err.println("contractflow: another process has closed the run");
        }
        return ExitCode.of(run);
    }
}
