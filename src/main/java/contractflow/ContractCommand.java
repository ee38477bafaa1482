package contractflow;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** What is known of one contract. */
@Command(
        name = "contract",
        description = "Shows one contract: its row, its outcomes in the last runs, its dead letters.",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = ExitCode.COULD_NOT_RUN,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:shown", "1:unknown contract, bad configuration, a lock of another session", "3:the warehouse is unavailable"},
        footerHeading = "Example:%n",
        footer = "  contractflow contract 1042")
final class ContractCommand implements Callable<Integer> {

    @ParentCommand
    private ContractFlow contractFlow;

    @Parameters(paramLabel = "ID", description = "Its contract_id.")
    private String id;

    @Option(names = "--json", description = "As one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        return contractFlow.withWorkList(routes -> {
            Map<?, ?> known = ContractFlow.ask(routes, "direct:show-contract", null, id, Map.class);
            if (known == null) {
                System.err.println("contractflow: contract " + id + " is unknown: it has no row, no dead letter, and is in no run whose"
                        + " ledger is kept");
                return ExitCode.COULD_NOT_RUN;
            }
            if (json) {
                StandardOutput.printData(out -> out.println(known.get("json")));
            } else {
                StandardOutput.print(out -> out.println(known.get("text")));
            }
            return ExitCode.ALL_LOADED;
        });
    }
}
