package contractflow.cli;

import contractflow.failure.SetupException;
import contractflow.process.Routes;
import contractflow.report.ExitCode;
import java.util.Map;
import org.apache.camel.ProducerTemplate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Contracts that a feed no longer lists, and that were too many to be marked without a person. */
@Command(
        name = "mark-missing",
        description = "Marks the contracts as removed that the feed of a run no longer lists, however many they are.",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = ExitCode.COULD_NOT_RUN,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:they are marked",
            "1:could not be: no such run, not the last one of its feed, bad configuration, a lock of another session",
            "3:the warehouse is unavailable"
        },
        footerHeading = "Example:%n",
        footer = "  contractflow mark-missing 12")
final class MarkMissingCommand extends ShowCommand<Map<?, ?>> {

    @Parameters(paramLabel = "RUN", description = "Number of the run whose feed lacks them.")
    private long run;

    @Override
    Map<?, ?> ask(ProducerTemplate routes) throws Exception {
        Map<?, ?> answer = Routes.ask(routes, "direct:mark-missing-contracts", null, run, Map.class);
        if (answer != null && answer.get("fault") != null) {
            throw new SetupException((String) answer.get("fault"));
        }
        return answer;
    }

    @Override
    String unknown() {
        return "there is no run " + run;
    }

    @Override
    boolean isData() {
        return false;
    }

    @Override
    String form(Map<?, ?> marked) {
        return marked.get("removed") + " contracts marked as removed";
    }
}
