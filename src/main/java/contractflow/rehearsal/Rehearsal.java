package contractflow.rehearsal;

import contractflow.config.ApplicationFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.support.ResourceHelper;

/** The nights of a rehearsal, each shown in a line: what is promised, and what was seen. */
public final class Rehearsal implements AutoCloseable {

    /** So many are possible. */
    public static final int MOST_CONTRACTS = RehearsalFeed.MOST;

    /** A run that has not ended by then, and a fifth of a second for each contract, has broken its promise. */
    private static final int SECONDS = 120;

    /** A record that was answered may be asked for again to find out whether an API answers at all. */
    private static final int PROBES = 5;

    private final RehearsalSettings settings;
    private final int contracts;
    private final RehearsalWarehouse warehouse;
    private final RehearsalLimits limits;
    private final RehearsedCalls calls;
    private final String outcomes;
    private Map<String, Outcome> clean = Map.of();

    /**
     * @param camel that has the simulated APIs
     * @param contracts good ones of each night
     * @throws IOException where the statement that reads the outcomes cannot be read
     */
    public Rehearsal(CamelContext camel, RehearsalSettings settings, int contracts) throws IOException {
        this.settings = settings;
        this.contracts = contracts;
        limits = new RehearsalLimits(camel);
        calls = camel.getRegistry().lookupByNameAndType(RehearsedCalls.NAME, RehearsedCalls.class);
        try (InputStream query = ResourceHelper.resolveMandatoryResourceAsInputStream(
                camel, ApplicationFiles.directory("sql") + "/rehearsal/outcomes.sql")) {
            outcomes = new String(query.readAllBytes(), StandardCharsets.UTF_8);
        }
        warehouse = new RehearsalWarehouse(settings.folder().resolve("warehouse"));
    }

    /**
     * Rehearses the nights.
     *
     * @param kinds which; rows can be compared only where a clean run is among them
     * @param out gets a line for each
     * @return whether each of them kept its promises
     */
    public boolean rehearse(Set<BadNight> kinds, Consumer<String> out) throws Exception {
        boolean kept = true;
        // Two at a time. The database is stopped for every run, so its night is the last.
        ExecutorService twoAtOnce = Executors.newFixedThreadPool(2);
        try {
            Map<BadNight, Future<Seen>> nights = new EnumMap<>(BadNight.class);
            for (BadNight kind : kinds) {
                if (kind != BadNight.DATABASE_OUTAGE) {
                    nights.put(kind, twoAtOnce.submit(() -> night(kind)));
                }
            }
            for (Map.Entry<BadNight, Future<Seen>> night : nights.entrySet()) {
                kept &= show(night.getKey(), night.getValue().get(), out);
            }
        } finally {
            twoAtOnce.shutdownNow();
        }
        if (kinds.contains(BadNight.DATABASE_OUTAGE)) {
            kept &= show(BadNight.DATABASE_OUTAGE, night(BadNight.DATABASE_OUTAGE), out);
        }
        if (!kept) {
            out.accept("The log of each run is in " + settings.folder() + ", in the file run.log of its night.");
        }
        return kept;
    }

    private record Seen(Evidence evidence, RehearsedCalls.Apis apis, Night.End end, double seconds) {}

    private Seen night(BadNight kind) throws Exception {
        RehearsalFeed feed = new RehearsalFeed(contracts, kind.hasBadIds());
        RehearsedCalls.Apis apis = calls.of(kind.database());
        long begin = System.nanoTime();
        Night.End end = new Night(kind, settings, warehouse, limits, apis).run(feed, SECONDS + contracts / 5);
        double seconds = (System.nanoTime() - begin) / 1e9;
        return new Seen(new Evidence(feed, warehouse.outcomes(kind.database(), outcomes)), apis, end, seconds);
    }

    private boolean show(BadNight kind, Seen seen, Consumer<String> out) {
        Evidence evidence = seen.evidence();
        if (kind == BadNight.CLEAN) {
            clean = evidence.outcomes();
        }
        evidence.expectExitCode(
                kind.hasBadIds() ? 2 : 0, seen.end().exitCode(), seen.end().failure());
        evidence.expectAllAccountedFor();
        evidence.expectOnlyBadOnesDead();
        evidence.expectRowsOf(clean);
        expectCalls(kind, seen);
        boolean kept = evidence.broken().isEmpty();
        out.accept(String.format(
                "%-7s %-26s %s: %s",
                kept ? "kept" : "broken",
                kind.title,
                kind.promise,
                kept ? describe(seen) : String.join("; ", evidence.broken())));
        return kept;
    }

    private void expectCalls(BadNight kind, Seen seen) {
        Evidence evidence = seen.evidence();
        int again = kind == BadNight.KILL ? limits.askedAgain() : PROBES;
        RehearsedApi netsuite = seen.apis().netsuite();
        RehearsedApi usage = seen.apis().usage();
        String asked = "what was answered is not asked for again";
        evidence.expectAtMost(asked, again, netsuite.getRepeated(), "contracts were asked for again");
        evidence.expectAtMost(asked, again, usage.getRepeated(), "customers were asked for again");
        expectLimits("netsuite", netsuite, evidence);
        expectLimits("usage", usage, evidence);
        if (kind == BadNight.LOWER_LIMIT) {
            evidence.expectAtMost(
                    "a limit that is refused is learnt",
                    limits.mostRefused(netsuite.getCalls()),
                    netsuite.getRefused(),
                    "calls were refused");
        }
    }

    private void expectLimits(String api, RehearsedApi seen, Evidence evidence) {
        evidence.expectAtMost(
                api + ".concurrency is never exceeded",
                limits.concurrency(api),
                seen.getMostAtOnce(),
                "calls were in flight at once");
        evidence.expectAtMost(
                api + ".requests-per-second is never exceeded",
                limits.inASecond(api),
                seen.getMostInASecond(),
                "calls came within a second");
    }

    private String describe(Seen seen) {
        RehearsedApi netsuite = seen.apis().netsuite();
        RehearsedApi usage = seen.apis().usage();
        return String.format(
                Locale.ROOT,
                "%,d loaded, %d dead, %d asked for again; NetSuite %d calls, %d refused, %d of %d at once;"
                        + " usage %d calls, %d refused, %d of %d at once; exit code %d after %.0f s",
                seen.evidence().loaded(),
                seen.evidence().dead(),
                netsuite.getRepeated(),
                netsuite.getCalls(),
                netsuite.getRefused(),
                netsuite.getMostAtOnce(),
                limits.concurrency("netsuite"),
                usage.getCalls(),
                usage.getRefused(),
                usage.getMostAtOnce(),
                limits.concurrency("usage"),
                seen.end().exitCode(),
                seen.seconds());
    }

    @Override
    public void close() {
        warehouse.close();
    }
}
