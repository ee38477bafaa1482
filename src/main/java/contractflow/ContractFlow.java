package contractflow;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.main.Main;
import org.apache.camel.main.SimpleMainShutdownStrategy;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command line. Without a command, the process watches {@code feed.directory} until it is told to stop. */
@Command(
        name = "contractflow",
        description = "Brings contracts, enriched from NetSuite and the usage API, into the warehouse.",
        mixinStandardHelpOptions = true,
        versionProvider = ContractFlow.Version.class,
        subcommands = RunCommand.class,
        exitCodeOnInvalidInput = ExitCode.COULD_NOT_RUN,
        exitCodeOnExecutionException = ExitCode.COULD_NOT_RUN)
public final class ContractFlow implements Callable<Integer> {

    /** What a process that is told to stop is given before it is killed, less a little. */
    private static final long SECONDS_TO_STOP = 28;

    @Option(
            names = {"--profile", "-profile"},
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description = "Settings and routes to add: sandbox brings simulated APIs.")
    private String profile;

    private volatile Main process;
    private volatile boolean interrupted;
    private Warehouse warehouse;

    public static void main(String[] args) {
        ContractFlow contractFlow = new ContractFlow();
        CompletableFuture<Integer> exitCode = new CompletableFuture<>();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> contractFlow.halt(exitCode), "stop"));
        exitCode.complete(commandLine(contractFlow).execute(args));
        System.exit(exitCode.join());
    }

    static CommandLine commandLine(ContractFlow contractFlow) {
        CommandLine commandLine = new CommandLine(contractFlow);
        commandLine.setExecutionExceptionHandler((failure, command, parsed) -> {
            command.getErr().println("contractflow: " + Failure.describe(failure));
            return ExitCode.COULD_NOT_RUN;
        });
        return commandLine;
    }

    /** Ends the process with its exit code, also where a signal ends it: then what is in flight is finished first. */
    private void halt(CompletableFuture<Integer> exitCode) {
        int code = ExitCode.INCOMPLETE;
        try {
            if (!exitCode.isDone() && process != null) {
                stopRuns(process);
                process.completed();
            }
            code = exitCode.get(SECONDS_TO_STOP, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            System.err.println("contractflow: did not stop in time; the next start resumes the run");
        }
        Runtime.getRuntime().halt(code);
    }

    private void stopRuns(Main main) throws InterruptedException {
        Runs runs = main.getCamelContext() == null ? null : main.getCamelContext().getRegistry().lookupByNameAndType("runs", Runs.class);
        if (runs == null) {
            return;
        }
        interrupted = !runs.isIdle();
        runs.stopAll("stopped");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_TO_STOP - 4);
        while (!runs.isIdle() && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** The process, set up but not started. */
    Main process() {
        Main main = new Main();
        main.setPropertyPlaceholderLocations(Home.settings(profile));
        // The hook above stops the runs before it stops Camel.
        main.setShutdownStrategy(new SimpleMainShutdownStrategy());
        main.configure().addMainListener(new Settings(profile));
        warehouse = Home.configure(main.configure(), main.getInitialProperties(), profile);
        process = main;
        return main;
    }

    /** Closes what the routes no longer need, also where the start has failed half-way. */
    void close() {
        if (warehouse != null) {
            warehouse.close();
        }
    }

    boolean isSandbox() {
        return "sandbox".equals(profile);
    }

    @Override
    public Integer call() throws Exception {
        Main main = process();
        try {
            main.run();
        } finally {
            close();
        }
        return interrupted ? ExitCode.INCOMPLETE : ExitCode.ALL_LOADED;
    }

    static final class Version implements CommandLine.IVersionProvider {

        @Override
        public String[] getVersion() {
            String version = ContractFlow.class.getPackage().getImplementationVersion();
            return new String[] {"contractflow " + (version == null ? "from its sources" : version)};
        }
    }
}
