package contractflow;

import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** The report of a run, once more. */
@Command(
        name = "report",
        description = "Shows what a run has come to.",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = ExitCode.COULD_NOT_RUN,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:shown", "1:could not be: no such run, bad configuration, a lock of another session", "3:the warehouse is unavailable"},
        footerHeading = "Example, to send on:%n",
        footer = "  contractflow report 12 --html > run-12.html")
final class ReportCommand implements Callable<Integer> {

    @ParentCommand
    private ContractFlow contractFlow;

    @ArgGroup
    private final Which which = new Which();

    private static final class Which {

        @Parameters(arity = "0..1", paramLabel = "RUN", description = "Its number; without it, the last run.")
        private Long run;

        @Option(names = "--last", description = "The last run.")
        private boolean last;
    }

    @ArgGroup
    private final Form form = new Form();

    private static final class Form {

        @Option(names = "--json", description = "As one JSON object.")
        private boolean json;

        @Option(names = "--html", description = "As a page with pictures, which needs nothing beside it.")
        private boolean html;
    }

    @Override
    public Integer call() throws Exception {
        return contractFlow.withWorkList(routes -> {
            Letters letters = new Letters(which.run, null, null, null, null);
            boolean text = !form.json && !form.html;
            String report = ContractFlow.ask(routes, "direct:show-report", letters, text ? "text" : "json", String.class);
            if (report == null) {
                System.err.println("contractflow: there is no run" + (which.run == null ? "" : " " + which.run) + "; `runs` lists them");
                return ExitCode.COULD_NOT_RUN;
            }
            if (text) {
                StandardOutput.print(out -> out.println(report));
            } else {
                StandardOutput.printData(out -> out.println(form.html ? new ReportPage().of(report) : report));
            }
            return ExitCode.ALL_LOADED;
        });
    }
}
