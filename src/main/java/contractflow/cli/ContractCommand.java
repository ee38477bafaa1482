package contractflow.cli;

import contractflow.process.Routes;
import contractflow.report.ExitCode;
import java.util.Map;
import org.apache.camel.ProducerTemplate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is known of one contract. */
@Command(
        name = "contract",
        description = "Shows one contract: its row, its outcomes in the last runs, its dead letters.",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = ExitCode.COULD_NOT_RUN,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:shown",
            "1:unknown contract, bad configuration, a lock of another session",
            "3:the warehouse is unavailable"
        },
        footerHeading = "Example:%n",
        footer = "  contractflow contract 1042")
final class ContractCommand extends ShowCommand<Map<?, ?>> {

    @Parameters(paramLabel = "ID", description = "Its contract_id.")
    private String id;

    @Option(names = "--json", description = "As one JSON object.")
    private boolean json;

    @Override
    Map<?, ?> ask(ProducerTemplate routes) throws Exception {
        return Routes.ask(routes, "direct:show-contract", null, id, Map.class);
    }

    @Override
    String unknown() {
        return "contract " + id + " is unknown: it has no row, no dead letter, and is in no run whose ledger is kept";
    }

    @Override
    boolean isData() {
        return json;
    }

    @Override
    String form(Map<?, ?> known) {
        return (String) known.get(json ? "json" : "text");
    }
}
