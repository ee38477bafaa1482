package contractflow.rehearsal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;

/** One night of a rehearsal: its feed, its database, and its run from the first start to the last end. */
final class Night {

    private final BadNight kind;
    private final RehearsalSettings settings;
    private final RehearsalWarehouse warehouse;
    private final RehearsalLimits limits;
    private final RehearsedApi netsuite;
    private final RehearsedApi usage;

    Night(
            BadNight kind,
            RehearsalSettings settings,
            RehearsalWarehouse warehouse,
            RehearsalLimits limits,
            RehearsedCalls.Apis apis) {
        this.kind = kind;
        this.settings = settings;
        this.warehouse = warehouse;
        this.limits = limits;
        netsuite = apis.netsuite();
        usage = apis.usage();
    }

    /**
     * How a run ended.
     *
     * @param exitCode -1 where it did not end in time
     * @param failure the line that says why it failed; empty where there is none
     */
    record End(int exitCode, String failure) {}

    /** Runs the feed, and does to the run what this night has for it. */
    End run(RehearsalFeed feed, int seconds) throws Exception {
        Path home = settings.folder().resolve(kind.database());
        Files.createDirectories(home);
        Path log = home.resolve("run.log");
        Files.deleteIfExists(log);
        Path file = home.resolve("contracts.csv");
        feed.write(file);
        Path overrides = home.resolve("settings.properties");
        write(settings.forRun(warehouse.create(kind.database()), kind.database(), limits), overrides);
        List<String> command = new ArrayList<>(List.of("run", file.toString()));
        settings.profiles().forEach(profile -> command.addAll(List.of("--profile", profile)));
        int third = feed.contracts().size() / 3;
        netsuite.reset(kind.netsuite, kind.seconds(), third);
        usage.reset(kind.usage, kind.seconds(), third);
        if (kind == BadNight.KILL) {
            try (RehearsedRun killed = new RehearsedRun(log, overrides, command)) {
                CompletableFuture.anyOf(netsuite.begun(), killed.ended()).join();
                killed.kill();
            }
        }
        try (RehearsedRun run = new RehearsedRun(log, overrides, command)) {
            if (kind == BadNight.DATABASE_OUTAGE) {
                CompletableFuture.anyOf(netsuite.begun(), run.ended()).join();
                warehouse.stop();
                boolean gaveUp = run.hasEndedAfter(BadNight.SECONDS);
                warehouse.startAgain();
                if (gaveUp) {
                    return new End(run.exitCode(), run.failure());
                }
            }
            return run.hasEndedAfter(seconds)
                    ? new End(run.exitCode(), run.failure())
                    : new End(-1, "it did not end within " + seconds + " s");
        }
    }

    private static void write(Map<String, String> settings, Path file) throws IOException {
        Properties properties = new Properties();
        properties.putAll(settings);
        try (OutputStream out = Files.newOutputStream(file)) {
            properties.store(out, null);
        }
    }
}
