package contractflow.cli;

import contractflow.failure.SetupException;
import contractflow.process.CamelSetup;
import contractflow.rehearsal.BadNight;
import contractflow.rehearsal.Rehearsal;
import contractflow.rehearsal.RehearsalSettings;
import contractflow.report.ExitCode;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Bad nights, before one comes: what a run of these routes does then. */
@Command(
        name = "rehearse",
        description =
                "Runs the routes, the statements and the tables of this folder against simulated APIs that fail, and says"
                        + " which promises they keep. It needs no account and no database, and takes about two minutes.",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = ExitCode.COULD_NOT_RUN,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:each promise is kept", "1:one is broken, see the lines that say so, or nothing could be run"
        },
        footerHeading = "Example:%n",
        footer = "  contractflow rehearse --night usage-outage")
final class RehearseCommand implements Callable<Integer> {

    @ParentCommand
    private RootCommand root;

    @Option(
            names = "--contracts",
            paramLabel = "N",
            defaultValue = "2000",
            description = "Contracts of each night, from 100 to 9900; ${DEFAULT-VALUE} where nothing is said.")
    private int contracts;

    @Option(
            names = "--night",
            paramLabel = "NAME",
            split = ",",
            description = "What to rehearse: ${COMPLETION-CANDIDATES}. All where nothing is said.")
    private Set<BadNight> nights = EnumSet.allOf(BadNight.class);

    @Override
    public Integer call() throws Exception {
        if (contracts < 100 || contracts > Rehearsal.MOST_CONTRACTS) {
            throw new SetupException("--contracts must be a whole number from 100 to " + Rehearsal.MOST_CONTRACTS);
        }
        RehearsalSettings settings = new RehearsalSettings(root.profiles());
        CamelSetup.checkProfiles(root.profiles());
        root.process().setProfiles(settings.profiles());
        return root.process()
                .withSimulatedApis(settings.forApis(), settings.folder().resolve("apis"), apis -> {
                    try (Rehearsal rehearsal = new Rehearsal(apis.getCamelContext(), settings, contracts)) {
                        return rehearsal.rehearse(nights, System.out::println)
                                ? ExitCode.ALL_LOADED
                                : ExitCode.COULD_NOT_RUN;
                    }
                });
    }
}
