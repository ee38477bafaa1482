package contractflow.cli;

import contractflow.failure.RunStopped;
import contractflow.failure.WarehouseFault;
import contractflow.failure.api.ServiceUnavailable;
import contractflow.failure.api.Unauthorized;
import contractflow.process.CamelProcess;
import contractflow.process.Routes;
import contractflow.report.ExitCode;
import contractflow.report.StandardOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.camel.util.ObjectHelper;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** By hand, what the schedule does. */
@Command(
        name = "fetch",
        description =
                "Makes a feed of the contracts that NetSuite lists, in feed.directory, and prints where. It does not run it.",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = ExitCode.COULD_NOT_RUN,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:the feed is there",
            "1:could not fetch: bad configuration, a query that NetSuite refuses",
            "3:NetSuite was unavailable or has refused the credentials: do it again later"
        },
        footerHeading = "Example:%n",
        footer = "  contractflow run \"$(contractflow fetch)\"")
final class FetchCommand implements Callable<Integer> {

    @ParentCommand
    private RootCommand root;

    @Override
    public Integer call() throws Exception {
        CamelProcess.logElsewhere();
        return root.process().withAllRoutes(routes -> {
            try {
                String file = Routes.ask(routes, "direct:fetch-feed", null, null, String.class);
                StandardOutput.print(out -> out.println(Path.of(file).toAbsolutePath()));
                return ExitCode.ALL_LOADED;
            } catch (Exception e) {
                if (mayBeBetterLater(e)) {
                    System.err.println("contractflow: no feed was fetched: " + WarehouseFault.message(e));
                    return ExitCode.INCOMPLETE;
                }
                throw e;
            }
        });
    }

    private static boolean mayBeBetterLater(Exception e) {
        return Stream.of(RunStopped.class, Unauthorized.class, ServiceUnavailable.class, IOException.class)
                        .anyMatch(type -> ObjectHelper.getException(type, e) != null)
                || WarehouseFault.saysAway(e);
    }
}
