package contractflow.cli;

import contractflow.cli.options.CallerRelativeFile;
import contractflow.cli.options.ListOptions;
import contractflow.cli.options.UsageErrorHandler;
import contractflow.config.LogSettings;
import contractflow.config.Version;
import contractflow.contract.DeadLetterFilter;
import contractflow.failure.Failure;
import contractflow.failure.RunLeftOpen;
import contractflow.process.CamelProcess;
import contractflow.process.Routes;
import contractflow.report.Console;
import contractflow.report.ExitCode;
import java.io.File;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command line. Without a command, the process watches {@code feed.directory} until it is stopped. */
@Command(
        name = "contractflow",
        description = "Brings contracts, enriched from NetSuite and the usage API, into the warehouse.",
        mixinStandardHelpOptions = true,
        versionProvider = RootCommand.VersionProvider.class,
        subcommands = {
            RunCommand.class,
            FetchCommand.class,
            CheckCommand.class,
            RehearseCommand.class,
            RunsCommand.class,
            ReportCommand.class,
            ContractCommand.class,
            MarkMissingCommand.class,
            DeadLettersCommand.class,
            SettingsCommand.class,
            AutoComplete.GenerateCompletion.class
        },
        exitCodeOnInvalidInput = ExitCode.COULD_NOT_RUN,
        exitCodeOnExecutionException = ExitCode.COULD_NOT_RUN,
        exitCodeListHeading = "Without a command, it watches feed.directory until it is stopped. Exit codes then:%n",
        exitCodeList = {
            "0:stopped, with nothing in work",
            "1:could not start: bad configuration",
            "3:stopped in mid-run: the next start resumes it"
        },
        footerHeading = "Example:%n",
        footer = "  contractflow --profile sandbox")
public final class RootCommand implements Callable<Integer> {

    @Option(
            names = {"--profile", "-profile"},
            paramLabel = "NAME",
            split = ",",
            scope = ScopeType.INHERIT,
            description =
                    "Settings and routes to add: sandbox brings simulated APIs, dev takes routes as they are saved; sandbox,dev"
                            + " is both. The first that has a setting wins.")
    private List<String> profiles = List.of();

    private final CamelProcess process;

    private RootCommand(CamelProcess process) {
        this.process = process;
    }

    /**
     * @param process that the commands are carried out by
     */
    public static CommandLine commandLine(CamelProcess process) {
        RootCommand root = new RootCommand(process);
        CommandLine commandLine = new CommandLine(root);
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.registerConverter(File.class, new CallerRelativeFile());
        commandLine.setParameterExceptionHandler(new UsageErrorHandler());
        commandLine.setExecutionStrategy(parsed -> {
            LogSettings.apply(root.profiles);
            process.setProfiles(root.profiles);
            return new CommandLine.RunLast().execute(parsed);
        });
        commandLine.setExecutionExceptionHandler((failure, command, parsed) -> {
            process.printFailure(failure);
            return failure instanceof RunLeftOpen || Failure.mayBeBetterLater(failure)
                    ? ExitCode.INCOMPLETE
                    : ExitCode.COULD_NOT_RUN;
        });
        return commandLine;
    }

    /** Such as sandbox. */
    List<String> profiles() {
        return profiles;
    }

    /** What carries a command out. */
    CamelProcess process() {
        return process;
    }

    /** Prints the rows that a route of the work list answers. */
    void print(String route, DeadLetterFilter filter, Map<String, Object> query, ListOptions options) throws Exception {
        process.withWorkList(routes -> {
            @SuppressWarnings("unchecked")
            List<Map<String, Object>> rows = Routes.ask(routes, route, filter, query, List.class);
            options.print(rows);
            return ExitCode.ALL_LOADED;
        });
    }

    @Override
    public Integer call() throws Exception {
        process.show(Console.Output.usual());
        return process.watch();
    }

    static final class VersionProvider implements CommandLine.IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {"contractflow " + Version.current()};
        }
    }
}
