package contractflow.process;

import contractflow.api.http.HttpProxies;
import contractflow.api.oauth.Credentials;
import contractflow.config.ApplicationFiles;
import contractflow.contract.Json;
import contractflow.failure.Failure;
import contractflow.report.Console;
import contractflow.report.ExitCode;
import contractflow.run.Runs;
import contractflow.sandbox.SandboxKey;
import contractflow.warehouse.LockWatch;
import contractflow.warehouse.Warehouse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;
import org.apache.camel.main.SimpleMainShutdownStrategy;

/** Camel with the routes that are wanted, from its start to its stop. */
public final class CamelProcess {

    public static final String SANDBOX = "sandbox";

    /** What a process that is to stop is given before it is killed, less a little. */
    private static final long SECONDS_TO_STOP = 28;

    /** Where the log goes, for its configuration. */
    private static final String CONSOLE = "contractflow.console";

    /** What the log has to say at least to be heard, for the same. */
    private static final String QUIETEST = "contractflow.quietest";

    /** What comes before each line of the log, for the same. */
    private static final String ERASE = "contractflow.erase";

    private List<String> profiles = List.of();
    private volatile Main process;
    private volatile boolean interrupted;
    private volatile boolean nothingToFinish;
    private volatile Warehouse warehouse;
    private final Map<String, String> overrides = new HashMap<>(ApplicationFiles.overrides());
    private Console.Output output = Console.Output.LINES;

    /**
     * @param profiles such as sandbox
     */
    public void setProfiles(List<String> profiles) {
        this.profiles = profiles;
    }

    /** Ends the process with its exit code, also where a signal ends it: then what is in flight is finished first. */
    public void halt(CompletableFuture<Integer> exitCode) {
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

    /** Has a setting say something else than where settings are read from. */
    public void override(String key, String value) {
        overrides.put(key, value);
    }

    /** Says how much is shown of the runs; has to be said before anything is logged. */
    public void show(Console.Output output) {
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
    public static void logElsewhere() {
        System.setProperty(CONSOLE, "SYSTEM_ERR");
    }

    /** Says what has kept a command from its end. */
    public void printFailure(Throwable failure) {
        String reason = Failure.describe(failure);
        System.err.println("contractflow: " + reason);
        if (output == Console.Output.JSON) {
            System.out.println(
                    Json.exact().createObjectNode().put("event", "failure").put("reason", reason));
        }
    }

    /**
     * Watches {@code feed.directory} until it is stopped.
     *
     * @return an {@link ExitCode}
     */
    public int watch() throws Exception {
        Main main = processWithApis(Mode.SERVICE, Warehouse.ofService());
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

    /** Does something with all routes but those that begin by themselves, then stops. */
    public int withAllRoutes(Routes.Work work) throws Exception {
        Main main = byHand(Mode.RUN, new Warehouse());
        int code = with(main, routes -> {
            signIn(main);
            return work.with(routes);
        });
        if (code == ExitCode.ALL_LOADED || code == ExitCode.DEAD_LETTERS) {
            ClassArchive.write();
        }
        return code;
    }

    /** Does something with those of a check, before an API was called, and with the warehouse as it is. */
    public int withReadOnlyWarehouse(Routes.Work work) throws Exception {
        logElsewhere();
        nothingToFinish = true;
        return with(
                byHand(Mode.CHECK, Warehouse.readOnly()),
                routes -> LockWatch.naming(routes.getCamelContext(), () -> work.with(routes)));
    }

    /** Does something with the database alone, without the settings of the APIs, then stops. */
    public int withWorkList(Routes.Work work) throws Exception {
        logElsewhere();
        Main main = process(Mode.DATABASE, new Warehouse());
        leaveServiceOut(main, false);
        return with(main, routes -> LockWatch.naming(routes.getCamelContext(), () -> work.with(routes)));
    }

    /** Does something while the simulated APIs are there, and no other route, then stops; a PostgreSQL with its data there answers. */
    public int withSimulatedApis(Map<String, String> settings, Path data, Routes.Work work) throws Exception {
        show(Console.Output.QUIET);
        settings.forEach(this::override);
        Main main = process(Mode.REHEARSAL, Warehouse.in(data));
        main.configure().addMainListener(new SandboxKey());
        main.configure().addMainListener(new Settings(profiles));
        leaveServiceOut(main, true);
        return with(main, work);
    }

    private int with(Main main, Routes.Work work) throws Exception {
        try {
            main.start();
            return work.with(main.getCamelTemplate());
        } finally {
            main.stop();
            warehouse.close();
        }
    }

    private Main byHand(Mode mode, Warehouse warehouse) {
        Main main = processWithApis(mode, warehouse);
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

    /** Credentials that are refused stop the start; an API that is unavailable does not. */
    private static void signIn(Main main) throws InterruptedException {
        HttpProxies.log(main.getCamelContext());
        for (Credentials credentials : main.getCamelContext().getRegistry().findByType(Credentials.class)) {
            credentials.signIn();
        }
    }

    private Main processWithApis(Mode mode, Warehouse warehouse) {
        Main main = process(mode, warehouse);
        if (profiles.contains(SANDBOX)) {
            main.configure().addMainListener(new SandboxKey());
        }
        main.configure().addMainListener(new Settings(profiles));
        return main;
    }

    /** The process, set up but not started. */
    private Main process(Mode mode, Warehouse warehouse) {
        Main main = new Main() {
            /** Would read every file of routes one more time, for comments that mean something to Camel. There are none. */
            @Override
            protected void modelineRoutes(CamelContext camel) {}
        };
        main.setPropertyPlaceholderLocations(ApplicationFiles.settings(profiles));
        // The shutdown hook stops the runs before it stops Camel.
        main.setShutdownStrategy(new SimpleMainShutdownStrategy());
        main.addOverrideProperty(Console.OUTPUT, output.name());
        overrides.forEach(main::addOverrideProperty);
        CamelSetup.configure(main.configure(), main.getInitialProperties(), profiles, mode, warehouse);
        this.warehouse = warehouse;
        process = main;
        return main;
    }
}
