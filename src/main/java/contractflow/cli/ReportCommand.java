package contractflow.cli;

import contractflow.contract.DeadLetterFilter;
import contractflow.process.Routes;
import contractflow.report.ExitCode;
import contractflow.report.ReportPage;
import org.apache.camel.ProducerTemplate;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The report of a run, once more. */
@Command(
        name = "report",
        description = "Shows what a run has come to.",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = ExitCode.COULD_NOT_RUN,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:shown",
            "1:could not be: no such run, bad configuration, a lock of another session",
            "3:the warehouse is unavailable"
        },
        footerHeading = "Example, to send on:%n",
        footer = "  contractflow report 12 --html > run-12.html")
final class ReportCommand extends ShowCommand<String> {

    @ArgGroup
    private final Which which = new Which();

    private static final class Which {

        @Parameters(arity = "0..1", paramLabel = "RUN", description = "Its number; without it, the last run.")
        private Long run;

        /** What is meant without it, too. */
        @SuppressWarnings("unused")
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
    String ask(ProducerTemplate routes) throws Exception {
        DeadLetterFilter filter = new DeadLetterFilter(which.run, null, null, null, null);
        return Routes.ask(routes, "direct:show-report", filter, isData() ? "json" : "text", String.class);
    }

    @Override
    String unknown() {
        return "there is no run" + (which.run == null ? "" : " " + which.run) + "; `runs` lists them";
    }

    @Override
    boolean isData() {
        return form.json || form.html;
    }

    @Override
    String form(String report) throws Exception {
        return form.html ? new ReportPage().of(report) : report;
    }
}
