package contractflow;

import java.io.File;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.main.Main;
import org.apache.camel.main.SimpleMainShutdownStrategy;
import picocli.AutoComplete;
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
        subcommands = {
            RunCommand.class,
            FetchCommand.class,
            CheckCommand.class,
            RunsCommand.class,
            ReportCommand.class,
            ContractCommand.class,
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
public final class ContractFlow implements Callable<Integer> {

    /** What a process that is told to stop is given before it is killed, less a little. */
    private static final long SECONDS_TO_STOP = 28;

    /** Where the log goes, for its configuration. */
    private static final String CONSOLE = "contractflow.console";

    /** What the log has to say at least to be heard, for the same. */
    private static final String QUIETEST = "contractflow.quietest";

    /** What comes before each line of the log, for the same. */
    private static final String ERASE = "contractflow.erase";

    static final String SANDBOX = "sandbox";

    @Option(
            names = {"--profile", "-profile"},
            paramLabel = "NAME",
            split = ",",
            scope = ScopeType.INHERIT,
            description = "Settings and routes to add: sandbox brings simulated APIs, dev takes routes as they are saved; sandbox,dev"
                    + " is both. The first that has a setting wins.")
    private List<String> profiles = List.of();

    private volatile Main process;
    private volatile boolean interrupted;
    private volatile boolean nothingToFinish;
    private volatile Warehouse warehouse;
    private final Map<String, String> overrides = new HashMap<>();
    private Console.Output output = Console.Output.LINES;

    public static void main(String[] args) {
        // A thread that dies of this leaves a process behind that neither works nor ends.
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {
            if (failure instanceof VirtualMachineError) {
                System.err.println("contractflow: " + failure + "; the next start resumes the run");
                Runtime.getRuntime().halt(ExitCode.INCOMPLETE);
            }
            System.err.println("contractflow: " + Failure.describe(failure));
        });
        ContractFlow contractFlow = new ContractFlow();
        CompletableFuture<Integer> exitCode = new CompletableFuture<>();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> contractFlow.halt(exitCode), "stop"));
        try {
            exitCode.complete(commandLine(contractFlow).execute(args));
        } finally {
            // Where the process cannot even begin, such as with a broken configuration of its logs.
            exitCode.complete(ExitCode.COULD_NOT_RUN);
        }
        System.exit(exitCode.join());
    }

    static CommandLine commandLine(ContractFlow contractFlow) {
        CommandLine commandLine = new CommandLine(contractFlow);
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.registerConverter(File.class, new NamedFile());
        commandLine.setParameterExceptionHandler(new Misunderstood());
        commandLine.setExecutionStrategy(parsed -> {
            LogSettings.apply(contractFlow.profiles);
            return new CommandLine.RunLast().execute(parsed);
        });
        commandLine.setExecutionExceptionHandler((failure, command, parsed) -> {
            contractFlow.tell(failure);
            return failure instanceof RunLeftOpen || Failure.mayBeBetterLater(failure) ? ExitCode.INCOMPLETE : ExitCode.COULD_NOT_RUN;
        });
        return commandLine;
    }

    /** Ends the process with its exit code, also where a signal ends it: then what is in flight is finished first. */
    private void halt(CompletableFuture<Integer> exitCode) {
        if (nothingToFinish && !exitCode.isDone()) {
            Runtime.getRuntime().halt(ExitCode.COULD_NOT_RUN);
        }
        int code = ExitCode.INCOMPLETE;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_TO_STOP);
        try {
            if (warehouse != null) {
                warehouse.stopWaiting();
            }
            if (!exitCode.isDone() && process != null) {
                stopRuns(process, end - TimeUnit.SECONDS.toNanos(4));
                process.completed();
            }
            code = exitCode.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            System.err.println("contractflow: did not stop in time; the next start resumes the run");
        }
        Runtime.getRuntime().halt(code);
    }

    private void stopRuns(Main main, long end) throws InterruptedException {
        CamelContext camel = main.getCamelContext();
        Runs runs = camel == null ? null : camel.getRegistry().lookupByNameAndType("runs", Runs.class);
        if (runs == null) {
            return;
        }
        interrupted = !runs.isIdle();
        runs.stopAll("stopped");
        while (!runs.isIdle() && System.nanoTime() - end < 0) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** Such as sandbox. */
    List<String> profiles() {
        return profiles;
    }

    /** Has a setting say something else than where settings are read from. */
    void override(String key, String value) {
        overrides.put(key, value);
    }

    /** Says how much is shown of the runs; has to be said before anything is logged. */
    void show(Console.Output output) {
        this.output = output;
        switch (output) {
            // A line of the log takes the place of the bar, which is drawn again below it.
            case BAR -> System.setProperty(ERASE, "\r\u001b[K");
            case JSON -> logElsewhere();
            case QUIET -> {
                logElsewhere();
                System.setProperty(QUIETEST, "warn");
            }
            default -> {}
        }
    }

    /** Leaves standard output to what the command has to say, as a pipe needs it. */
    static void logElsewhere() {
        System.setProperty(CONSOLE, "SYSTEM_ERR");
    }

    /** Says what has kept a command from its end. */
    void tell(Throwable failure) {
        String reason = Failure.describe(failure);
        System.err.println("contractflow: " + reason);
        if (output == Console.Output.JSON) {
            System.out.println(Json.exact().createObjectNode().put("event", "failure").put("reason", reason));
        }
    }

    /** What a command does with the routes. */
    interface Work {
        int with(ProducerTemplate routes) throws Exception;
    }

    /** Does something with all routes but those that begin by themselves, then stops. */
    int withAllRoutes(Work work) throws Exception {
        Main main = byHand(new Warehouse());
        int code = with(main, routes -> {
            signIn(main);
            return work.with(routes);
        });
        if (code == ExitCode.ALL_LOADED || code == ExitCode.DEAD_LETTERS) {
            ClassArchive.write();
        }
        return code;
    }

    /** Does something with the same routes, but nobody was asked for anything yet, and the warehouse is as it is. */
    int withAllRoutesAsItIs(Work work) throws Exception {
        logElsewhere();
        nothingToFinish = true;
        return with(byHand(Warehouse.asItIs()), routes -> LockWatch.naming(routes.getCamelContext(), () -> work.with(routes)));
    }

    private Main byHand(Warehouse warehouse) {
        Main main = processWithApis(warehouse);
        main.configure().setRoutesExcludePattern(Home.SERVICE_ROUTES);
        // The simulated APIs are behind the server.
        leaveServiceOut(main, profiles.contains(SANDBOX));
        return main;
    }

    /** A command must not fail over the port of the service beside it. */
    private static void leaveServiceOut(Main main, boolean serverStays) {
        main.addOverrideProperty("camel.server.enabled", String.valueOf(serverStays));
        main.addOverrideProperty("camel.management.enabled", "false");
        main.addOverrideProperty("camel.metrics.enabled", "false");
        main.addOverrideProperty("camel.main.routes-reload-enabled", "false");
    }

    /** Credentials that are refused stop the start; an API that is away does not. */
    private static void signIn(Main main) throws InterruptedException {
        HttpProxies.log(main.getCamelContext());
        for (Credentials credentials : main.getCamelContext().getRegistry().findByType(Credentials.class)) {
            credentials.signIn();
        }
    }

    /** Does something with the database alone, without the settings of the APIs, then stops. */
    int withWorkList(Work work) throws Exception {
        logElsewhere();
        Main main = process(new Warehouse());
        main.configure().setRoutesIncludePattern(Home.directory("routes") + "/work-list.camel.yaml");
        leaveServiceOut(main, false);
        return with(main, routes -> LockWatch.naming(routes.getCamelContext(), () -> work.with(routes)));
    }

    private int with(Main main, Work work) throws Exception {
        try {
            main.start();
            return work.with(main.getCamelTemplate());
        } finally {
            main.stop();
            warehouse.close();
        }
    }

    /** Prints the rows that a route of the work list answers. */
    void print(String route, Letters letters, Map<String, Object> query, ListOptions options) throws Exception {
        withWorkList(routes -> {
            @SuppressWarnings("unchecked")
            List<Map<String, Object>> rows = ask(routes, route, letters, query, List.class);
            options.print(rows);
            return ExitCode.ALL_LOADED;
        });
    }

    /** Sends something to a route and waits for its answer. */
    static <T> T ask(ProducerTemplate routes, String route, Letters letters, Object body, Class<T> type) throws Exception {
        Exchange answer = routes.request(route, exchange -> {
            exchange.setVariable("letters", letters);
            exchange.getMessage().setBody(body);
        });
        if (answer.getException() != null) {
            throw answer.getException();
        }
        return answer.getMessage().getBody(type);
    }

    /** The process, set up but not started. */
    private Main process(Warehouse warehouse) {
        Main main = new Main() {
            /** Would read every file of routes one more time, for comments that mean something to Camel. There are none. */
            @Override
            protected void modelineRoutes(CamelContext camel) {}
        };
        main.setPropertyPlaceholderLocations(Home.settings(profiles));
        // The hook above stops the runs before it stops Camel.
        main.setShutdownStrategy(new SimpleMainShutdownStrategy());
        main.addOverrideProperty(Console.OUTPUT, output.name());
        overrides.forEach(main::addOverrideProperty);
        Home.configure(main.configure(), main.getInitialProperties(), profiles, warehouse);
        this.warehouse = warehouse;
        process = main;
        return main;
    }

    private Main processWithApis(Warehouse warehouse) {
        Main main = process(warehouse);
        if (profiles.contains(SANDBOX)) {
            main.configure().addMainListener(new SandboxKey());
        }
        main.configure().addMainListener(new Settings(profiles));
        return main;
    }

    @Override
    public Integer call() throws Exception {
        show(Console.Output.usual());
        Main main = processWithApis(Warehouse.ofService());
        main.configure().addMainListener(new LiveRoutes());
        try {
            main.start();
            signIn(main);
            main.run();
        } finally {
            main.stop();
            warehouse.close();
        }
        return interrupted ? ExitCode.INCOMPLETE : ExitCode.ALL_LOADED;
    }

    /** The version of the jar, or where else the classes come from. */
    static String version() {
        String version = ContractFlow.class.getPackage().getImplementationVersion();
        return version == null ? "from its sources" : version;
    }

    static final class Version implements CommandLine.IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {"contractflow " + version()};
        }
    }
}
