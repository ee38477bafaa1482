package contractflow.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import contractflow.benchmark.Server.Limits;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How far a run is from the floor of its limits. The product is the packaged jar in a process of its own, the APIs are simulated in
 * another one, the database is a real PostgreSQL; beside it, the classic asyncio script on the same servers.
 *
 * <p>Arguments: the names of scenarios; none is all. The table is printed, and written as JSON to {@code target/benchmark.json}.
 */
public final class Benchmark {

    private static final int MILLION = 1_000_000;
    private static final int OWN_CUSTOMER = 0;

    private final Map<String, Scenario> scenarios = new LinkedHashMap<>();
    private final List<Result> results = new ArrayList<>();
    private final Path folder;
    private final EmbeddedPostgres postgres;
    private final Server server;
    private int databases;

    private interface Scenario {
        void measure() throws Exception;
    }

    private Benchmark(Path folder, EmbeddedPostgres postgres, Server server) {
        this.folder = folder;
        this.postgres = postgres;
        this.server = server;
        scenarios.put("rate-98", () -> rateLimited(98));
        scenarios.put("rate-100", () -> rateLimited(100));
        scenarios.put("latency", this::latencyBound);
        scenarios.put("limits", this::limitsSetTooHigh);
        scenarios.put("customers", this::repeatedCustomers);
        scenarios.put("unlimited", this::unlimited);
        scenarios.put("load", this::load);
        scenarios.put("start", this::startAndEnd);
        scenarios.put("resume", this::resume);
        scenarios.put("sandbox", this::sandbox);
        scenarios.put("sets", this::sets);
        scenarios.put("sets-unlimited", this::setsUnlimited);
        scenarios.put("sets-million", this::setsMillion);
        scenarios.put("million", () -> million("a million, 256 MB heap", 0));
        scenarios.put("million-slow", () -> million("a million, 200 ms a batch", 200));
    }

    public static void main(String[] names) throws Exception {
        Path folder = Files.createTempDirectory("contractflow-benchmark");
        try (EmbeddedPostgres postgres = Database.startServer();
                Server server = Server.beside()) {
            Benchmark benchmark = new Benchmark(folder, postgres, server);
            List<String> wanted = Arrays.stream(String.join(" ", names).split(" "))
                    .filter(name -> !name.isBlank())
                    .toList();
            if (!benchmark.scenarios.keySet().containsAll(wanted)) {
                throw new IllegalArgumentException("scenarios are " + benchmark.scenarios.keySet());
            }
            for (Map.Entry<String, Scenario> scenario : benchmark.scenarios.entrySet()) {
                if (wanted.isEmpty() || wanted.contains(scenario.getKey())) {
                    System.out.println("measuring " + scenario.getKey() + " …");
                    scenario.getValue().measure();
                }
            }
            System.out.println();
            System.out.println(Result.table(benchmark.results));
            System.out.println();
            System.out.println(
                    "wall and floor are those of the run; the process was warmed up by an earlier feed, which is not in them,"
                            + " except where the note says cold");
            Path json = Path.of("target", "benchmark.json");
            new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(json.toFile(), benchmark.results);
        }
    }

    private void rateLimited(int configured) throws Exception {
        Limits strict = new Limits(100, 0, 100);
        int contracts = 6000;
        Measured run = measure(
                settings(50, configured, 50, configured), strict, strict, 300, feed(contracts, OWN_CUSTOMER), "1g");
        add("rate limit 100/s, configured " + configured, contracts, run, (double) contracts / configured, null);
        baseline("rate limit 100/s", contracts, strict, strict, (double) contracts / 100);
    }

    private void latencyBound() throws Exception {
        Limits netsuite = new Limits(400, 50, 0);
        Limits usage = new Limits(300, 50, 0);
        int contracts = 6000;
        double floor = contracts * 0.4 / 50;
        Measured run =
                measure(settings(50, 10_000, 50, 10_000), netsuite, usage, 1000, feed(contracts, OWN_CUSTOMER), "1g");
        add("latency 400/300 ms, 50/50 at a time", contracts, run, floor, null);
        baseline("latency 400/300 ms", contracts, netsuite, usage, floor);
    }

    /** The settings allow more than the API bears; what it bears changes in mid-run. Takes some three minutes. */
    private void limitsSetTooHigh() throws Exception {
        int latency = 150;
        double second = latency / 1000.0;
        for (int status : new int[] {400, 429}) {
            for (int borne : new int[] {5, 1, 10}) {
                // The fewer are borne, the fewer calls it takes until the limit is found.
                int contracts = borne == 1 ? 80 : 40 * borne;
                Limits netsuite = new Limits(latency, borne, 0, status, 0);
                Measured run = measureCold(
                        settings(15, 100, 50, 200), netsuite, Limits.NONE, feed(contracts, OWN_CUSTOMER), 0);
                add(
                        "bears " + borne + " of 15 at once, " + status,
                        contracts,
                        run,
                        contracts * second / borne,
                        refusedShare(run.counts.get("netsuite")));
            }
        }
        int contracts = 750;
        Measured changed = measureCold(
                settings(15, 100, 50, 200),
                new Limits(latency, 15, 0),
                Limits.NONE,
                feed(contracts, OWN_CUSTOMER),
                250);
        // 250 calls at 15, as many at 5, and the rest at 15 again.
        add(
                "bears 15, then 5, then 15",
                contracts,
                changed,
                500 * second / 15 + 250 * second / 5,
                refusedShare(changed.counts.get("netsuite")));
        int calls = 500;
        Measured rate = measureCold(
                settings(15, 100, 50, 100), Limits.NONE, new Limits(50, 0, 50, 429, 2), feed(calls, OWN_CUSTOMER), 0);
        add(
                "bears 50 of 100 a second, Retry-After 2",
                calls,
                rate,
                calls / 50.0,
                refusedShare(rate.counts.get("usage")));
    }

    private static String refusedShare(JsonNode api) {
        return String.format(
                Locale.ROOT,
                "cold; %.1f %% of the calls refused",
                100.0 * api.get("refused").asLong() / api.get("calls").asLong());
    }

    /**
     * The first run of a process, which knows nothing of the API.
     *
     * @param change calls after which NetSuite bears 5 at once, and after as many again what it bore before; 0 for never
     */
    private Measured measureCold(Map<String, String> settings, Limits netsuite, Limits usage, Path feed, int change)
            throws Exception {
        Database database = database();
        try (ContractFlowProcess process = ContractFlowProcess.watch(database, "1g", settings)) {
            awaitTables(database, process);
            server.set(netsuite, usage);
            Duration cpu = process.cpu();
            process.drop(feed);
            if (change > 0) {
                awaitCalls(process, change);
                server.change(new Limits(netsuite.latencyMillis(), 5, 0), usage);
                awaitCalls(process, 2 * change);
                server.change(netsuite, usage);
            }
            while ((Long) database.value("SELECT count(*) FROM run WHERE status <> 'running'") == 0) {
                process.requireAlive();
                Thread.sleep(200);
            }
            Map<String, Object> run = database.query("SELECT * FROM run").get(0);
            if (!run.get("status").equals("complete") || !run.get("loaded").equals(run.get("rows"))) {
                throw new IllegalStateException("the run is not whole: " + run);
            }
            return new Measured(run, server.counts(), process.cpu().minus(cpu), process.peakResidentMib());
        }
    }

    private void awaitCalls(ContractFlowProcess process, int calls) throws Exception {
        while (server.counts().at("/netsuite/calls").asInt() < calls) {
            process.requireAlive();
            Thread.sleep(20);
        }
    }

    private void repeatedCustomers() throws Exception {
        Limits netsuite = new Limits(100, 50, 0);
        Limits usage = new Limits(300, 50, 55);
        int contracts = 10_000;
        int customers = 500;
        Measured run = measure(settings(50, 10_000, 50, 50), netsuite, usage, 1000, feed(contracts, customers), "1g");
        double floor = Math.max(contracts * 0.1 / 50, customers / 50.0);
        add("500 customers, usage at 50/s", contracts, run, floor, run.usage().get("calls") + " calls for usage");
    }

    private void unlimited() throws Exception {
        int contracts = 50_000;
        Measured run = measure(
                settings(50, 1_000_000, 50, 1_000_000),
                Limits.NONE,
                Limits.NONE,
                100_000,
                feed(contracts, OWN_CUSTOMER),
                "1g");
        add("no limits", contracts, run, null, perCpuSecond(contracts, run.cpu().toMillis() / 1000.0));
        baseline("no limits", contracts, Limits.NONE, Limits.NONE, null);
    }

    private static String perCpuSecond(long contracts, double cpuSeconds) {
        return String.format(Locale.ROOT, "%,.0f contracts a CPU second", contracts / cpuSeconds);
    }

    private void load() throws Exception {
        int contracts = 50_000;
        Database database = database();
        try (ContractFlowProcess process =
                ContractFlowProcess.watch(database, "1g", settings(50, 1_000_000, 50, 1_000_000))) {
            awaitTables(database, process);
            server.set(Limits.NONE, Limits.NONE);
            process.runFeed(feed(contracts, OWN_CUSTOMER));
        }
        LoadPath load = new LoadPath(database);
        double batches = load.seconds(500);
        double rows = load.seconds(1);
        results.add(new Result(
                "50,000 rows in batches of 500",
                contracts,
                batches,
                null,
                null,
                null,
                null,
                null,
                "the statement alone"));
        results.add(new Result(
                "50,000 rows, row by row",
                contracts,
                rows,
                null,
                null,
                null,
                null,
                null,
                String.format(Locale.ROOT, "%.1f times as long", rows / batches)));
    }

    private void startAndEnd() throws Exception {
        Database database = database();
        Path feed = feed(2000, OWN_CUSTOMER);
        // The tables are there, as on every night but the first.
        ContractFlowProcess.run(database, "1g", settings(50, 1_000_000, 50, 1_000_000), feed(1, OWN_CUSTOMER))
                .await();
        long[] toFirstCall = new long[5];
        long[] toEnd = new long[5];
        for (int i = 0; i < toEnd.length; i++) {
            database.execute("TRUNCATE contract_enriched");
            server.set(Limits.NONE, Limits.NONE);
            long start = System.currentTimeMillis();
            ContractFlowProcess.run(database, "1g", settings(50, 1_000_000, 50, 1_000_000), feed)
                    .await();
            long end = System.currentTimeMillis();
            toFirstCall[i] = server.counts().at("/netsuite/firstAt").asLong() - start;
            toEnd[i] = end
                    - ((Number)
                                    database.value(
                                            "SELECT (extract(epoch FROM max(enriched_at)) * 1000)::bigint FROM contract_enriched"))
                            .longValue();
        }
        Arrays.sort(toFirstCall);
        Arrays.sort(toEnd);
        results.add(new Result(
                "from java -jar to the first call",
                2000,
                toFirstCall[2] / 1000.0,
                null,
                null,
                null,
                null,
                null,
                "cold; median of 5"));
        results.add(new Result(
                "from the last row to the end",
                2000,
                toEnd[2] / 1000.0,
                null,
                null,
                null,
                null,
                null,
                "cold; median of 5"));
    }

    private void resume() throws Exception {
        int contracts = 20_000;
        Database database = database();
        Path feed = feed(contracts, OWN_CUSTOMER);
        Map<String, String> settings = settings(50, 1_000, 50, 1_000);
        server.set(Limits.NONE, Limits.NONE);
        ContractFlowProcess killed = ContractFlowProcess.run(database, "1g", settings, feed);
        while (server.counts().at("/netsuite/calls").asInt() < contracts / 2) {
            killed.requireAlive();
            Thread.sleep(20);
        }
        killed.kill();
        long inLedger = (Long) database.value("SELECT count(*) FROM run_contract");
        long asked = server.counts().at("/netsuite/calls").asLong();
        server.set(Limits.NONE, Limits.NONE);
        int exitCode = ContractFlowProcess.run(database, "1g", settings, feed).await();
        long askedAgain = asked + server.counts().at("/netsuite/calls").asLong() - contracts;
        Number seconds =
                (Number) database.value("SELECT extract(epoch FROM max(finished_at) - min(enriched_at) FILTER (WHERE"
                        + " enriched_at > (SELECT enriched_at FROM contract_enriched ORDER BY enriched_at OFFSET "
                        + inLedger + " LIMIT 1)"
                        + " - interval '1 s')) FROM contract_enriched, run");
        results.add(new Result(
                "resumed at half-way, 1,000/s",
                contracts - inLedger,
                seconds.doubleValue(),
                (contracts - inLedger) / 1000.0,
                null,
                null,
                null,
                null,
                "cold; exit code " + exitCode + ", " + askedAgain + " contracts asked for twice"));
    }

    private void sandbox() throws Exception {
        Path feed = Files.copy(Path.of("src/main/resources/sandbox/contracts.csv"), folder.resolve("sandbox.csv"));
        Database database = database();
        ContractFlowProcess process = ContractFlowProcess.run(database, "1g", Map.of(), feed, "--profile", "sandbox");
        process.await();
        Map<String, Object> run =
                database.query("SELECT rows, seconds FROM run").get(0);
        long contracts = (Long) run.get("rows");
        // Ten queries and the missing records, a second each, 5 at a time.
        results.add(new Result(
                "the sandbox on its defaults",
                contracts,
                ((Number) run.get("seconds")).doubleValue(),
                (contracts / 1000 + 10) / 5.0,
                null,
                null,
                null,
                null,
                "cold; the simulated APIs in the same process"));
    }

    private void million(String name, int millisPerBatch) throws Exception {
        Database database = database();
        Path feed = feed(MILLION, OWN_CUSTOMER);
        try (ContractFlowProcess process =
                ContractFlowProcess.watch(database, "256m", settings(50, 1_000_000, 50, 1_000_000))) {
            awaitTables(database, process);
            if (millisPerBatch > 0) {
                database.execute(
                        "CREATE FUNCTION slow_down() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep("
                                + millisPerBatch / 1000.0 + "); RETURN NULL; END $$");
                database.execute("CREATE TRIGGER slow_down BEFORE INSERT ON contract_enriched"
                        + " FOR EACH STATEMENT EXECUTE FUNCTION slow_down()");
            }
            server.set(Limits.NONE, Limits.NONE);
            Duration cpu = process.cpu();
            process.drop(feed);
            long early = residentAfter(process, 100_000);
            long late = residentAfter(process, 900_000);
            while ((Long) database.value("SELECT count(*) FROM run WHERE status <> 'running'") == 0) {
                process.requireAlive();
                Thread.sleep(500);
            }
            Map<String, Object> run = database.query("SELECT * FROM run").get(0);
            if (!run.get("status").equals("complete") || (Long) run.get("loaded") != MILLION) {
                throw new IllegalStateException("the run is not whole: " + run);
            }
            add(
                    name,
                    MILLION,
                    new Measured(run, server.counts(), process.cpu().minus(cpu), process.peakResidentMib()),
                    null,
                    "resident at 100,000: " + early + " MiB, at 900,000: " + late + " MiB");
        }
    }

    private long residentAfter(ContractFlowProcess process, int calls) throws Exception {
        while (server.counts().at("/usage/calls").asLong() < calls) {
            process.requireAlive();
            Thread.sleep(200);
        }
        return process.residentMib();
    }

    /** What a run has come to. */
    private record Measured(Map<String, Object> run, JsonNode counts, Duration cpu, long peakMib) {

        JsonNode usage() {
            return counts.get("usage");
        }
    }

    private Measured measure(
            Map<String, String> settings, Limits netsuite, Limits usage, int warmUp, Path feed, String heap)
            throws Exception {
        Database database = database();
        try (ContractFlowProcess process = ContractFlowProcess.watch(database, heap, settings)) {
            awaitTables(database, process);
            server.set(netsuite, usage);
            process.runFeed(feed(warmUp, OWN_CUSTOMER));
            database.execute("TRUNCATE contract_enriched");
            server.set(netsuite, usage);
            Duration cpu = process.cpu();
            Map<String, Object> run = process.runFeed(feed);
            if (!run.get("status").equals("complete") || !run.get("loaded").equals(run.get("rows"))) {
                throw new IllegalStateException("the run is not whole: " + run);
            }
            return new Measured(run, server.counts(), process.cpu().minus(cpu), process.peakResidentMib());
        }
    }

    private void add(String name, long contracts, Measured run, Double floor, String note) {
        JsonNode netsuite = run.counts.get("netsuite");
        long refused =
                netsuite.get("refused").asLong() + run.usage().get("refused").asLong();
        results.add(new Result(
                name,
                contracts,
                ((Number) run.run.get("seconds")).doubleValue(),
                floor,
                refused,
                netsuite.get("perSecond").asDouble(),
                run.cpu.toMillis() / 1000.0 / (contracts / 1000.0),
                run.peakMib,
                note != null ? note : "at most " + netsuite.get("mostInOneSecond") + " calls in a second"));
    }

    private void baseline(String name, long contracts, Limits netsuite, Limits usage, Double floor) throws Exception {
        Database database = database();
        // The tables are the product's.
        ContractFlowProcess.run(database, "1g", settings(50, 1000, 50, 1000), feed(1, OWN_CUSTOMER))
                .await();
        server.set(netsuite, usage);
        Baseline.measure(feed((int) contracts, OWN_CUSTOMER), server.address(), database.dsn())
                .ifPresentOrElse(
                        run -> results.add(new Result(
                                "  asyncio, " + name,
                                contracts,
                                run.wall(),
                                floor,
                                run.failed(),
                                null,
                                run.cpu() / (contracts / 1000.0),
                                run.peakMib(),
                                run.failed() > 0
                                        ? run.failed() + " contracts lost"
                                        : perCpuSecond(contracts, run.cpu()))),
                        () -> results.add(new Result(
                                "  asyncio, " + name,
                                contracts,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                "left out: needs Python with aiohttp and asyncpg")));
    }

    private Map<String, String> settings(
            int netsuiteConcurrency, int netsuiteRate, int usageConcurrency, int usageRate) {
        Map<String, String> settings = new HashMap<>();
        settings.put("NETSUITE_BASE_URL", server.address());
        settings.put("NETSUITE_TOKEN", "benchmark");
        settings.put("NETSUITE_CONCURRENCY", String.valueOf(netsuiteConcurrency));
        settings.put("NETSUITE_REQUESTS_PER_SECOND", String.valueOf(netsuiteRate));
        settings.put("USAGE_BASE_URL", server.address());
        settings.put("USAGE_TOKEN", "benchmark");
        settings.put("USAGE_CONCURRENCY", String.valueOf(usageConcurrency));
        settings.put("USAGE_REQUESTS_PER_SECOND", String.valueOf(usageRate));
        settings.put("USAGE_PERIOD", "2026-10");
        // Record by record, unless a scenario looks up many at once.
        settings.put("NETSUITE_CONTRACTS_PER_CALL", "1");
        settings.put("USAGE_CUSTOMERS_PER_CALL", "1");
        return settings;
    }

    /** The same with many records in a call. */
    private Map<String, String> inSets(int netsuiteConcurrency) {
        Map<String, String> settings = settings(netsuiteConcurrency, 1_000_000, 50, 1_000_000);
        settings.put("NETSUITE_CONTRACTS_PER_CALL", "1000");
        settings.put("USAGE_CUSTOMERS_PER_CALL", "100");
        return settings;
    }

    private static final Limits SMALL_ACCOUNT = new Limits(1000, 5, 0);
    private static final Limits QUICK_USAGE = new Limits(200, 0, 0);

    /** On the smallest account of NetSuite, from the start of the process to its end. */
    private void sets() throws Exception {
        int contracts = 10_000;
        sets("in sets, 5 slots of a second", contracts, 0, 0);
        sets("in sets, 2 % missing, 1 % unknown", contracts, 50, 100);
    }

    private void sets(String name, int contracts, int missingEvery, int unknownEvery) throws Exception {
        Database database = database();
        ContractFlowProcess.run(database, "1g", inSets(5), feed(1, OWN_CUSTOMER))
                .await();
        database.execute("TRUNCATE contract_enriched, run CASCADE");
        Path feed = feed(contracts, 4_000);
        server.set(SMALL_ACCOUNT, QUICK_USAGE, missingEvery, unknownEvery);
        long start = System.currentTimeMillis();
        ContractFlowProcess process = ContractFlowProcess.run(database, "1g", inSets(5), feed);
        int exitCode = process.await();
        double wall = (System.currentTimeMillis() - start) / 1000.0;
        JsonNode counts = server.counts();
        Map<String, Object> run =
                database.query("SELECT loaded, dead, seconds FROM run").get(0);
        long calls = counts.at("/netsuite/calls").asLong()
                + counts.at("/usage/calls").asLong();
        long missing = missingEvery == 0 ? 0 : contracts / missingEvery;
        results.add(new Result(
                name,
                contracts,
                ((Number) run.get("seconds")).doubleValue(),
                (contracts / 1000 + missing) / 5.0,
                counts.at("/netsuite/refused").asLong(),
                null,
                null,
                null,
                String.format(
                        Locale.ROOT,
                        "cold; %.1f s from start to exit %d, %d calls, %s loaded, %s dead; record by record %.0f s at least",
                        wall,
                        exitCode,
                        calls,
                        run.get("loaded"),
                        run.get("dead"),
                        contracts / 5.0)));
    }

    private void setsUnlimited() throws Exception {
        int contracts = 200_000;
        Limits limits = new Limits(1, 0, 0);
        Measured run = measure(inSets(15), limits, limits, 100_000, feed(contracts, contracts * 2 / 5), "1g");
        add(
                "in sets, no limits",
                contracts,
                run,
                null,
                perCpuSecond(contracts, run.cpu().toMillis() / 1000.0));
    }

    private void setsMillion() throws Exception {
        Database database = database();
        Path feed = feed(MILLION, MILLION * 2 / 5);
        try (ContractFlowProcess process = ContractFlowProcess.watch(database, "256m", inSets(5))) {
            awaitTables(database, process);
            server.set(SMALL_ACCOUNT, QUICK_USAGE);
            process.drop(feed);
            long early = residentAfter(process, 400);
            long late = residentAfter(process, 3_600);
            while ((Long) database.value("SELECT count(*) FROM run WHERE status <> 'running'") == 0) {
                process.requireAlive();
                Thread.sleep(500);
            }
            Map<String, Object> run = database.query("SELECT * FROM run").get(0);
            add(
                    "in sets, a million, 256 MB heap, 5 slots of a second",
                    MILLION,
                    new Measured(run, server.counts(), process.cpu(), process.peakResidentMib()),
                    200.0,
                    run.get("loaded") + " loaded; resident after 400 calls for usage: " + early + " MiB, after 3,600: "
                            + late + " MiB");
        }
    }

    private Database database() throws Exception {
        return Database.create(postgres, "benchmark" + ++databases);
    }

    private static void awaitTables(Database database, ContractFlowProcess process) throws Exception {
        while (database.value("SELECT to_regclass('public.dead_letter')") == null) {
            process.requireAlive();
            Thread.sleep(50);
        }
    }

    /** A feed of that many contracts; {@link #OWN_CUSTOMER} gives each a customer of its own. */
    private Path feed(int contracts, int customers) throws IOException {
        Path feed = folder.resolve(contracts + "-of-" + customers + ".csv");
        if (!Files.exists(feed)) {
            try (BufferedWriter csv = Files.newBufferedWriter(feed)) {
                csv.write("contract_id,customer_id\n");
                for (int i = 1; i <= contracts; i++) {
                    csv.write(i + "," + (customers == OWN_CUSTOMER ? i : i % customers + 1) + "\n");
                }
            }
        }
        return feed;
    }
}
