package contractflow.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The packaged jar in a folder of its own. As a service it is warm when the second feed is dropped; for one run it is as cron sees it. */
final class ContractFlowProcess implements AutoCloseable {

    private final Process process;
    private final Path folder;
    private final Path output;
    private final Database database;

    private ContractFlowProcess(Process process, Path folder, Database database) {
        this.process = process;
        this.folder = folder;
        this.output = folder.resolve("output.log");
        this.database = database;
    }

    /**
     * Starts the process that watches a folder.
     *
     * @param heap such as 256m
     * @param settings by their environment names
     */
    static ContractFlowProcess watch(Database database, String heap, Map<String, String> settings) throws IOException {
        return start(database, heap, settings, List.of());
    }

    /** Starts the process for one run. */
    static ContractFlowProcess run(
            Database database, String heap, Map<String, String> settings, Path feed, String... options)
            throws IOException {
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.addAll(List.of("run", feed.toString()));
        return start(database, heap, settings, arguments);
    }

    private static ContractFlowProcess start(
            Database database, String heap, Map<String, String> settings, List<String> arguments) throws IOException {
        Path folder = Files.createTempDirectory("contractflow-benchmark");
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx" + heap));
        Arrays.stream(System.getProperty("contractflow.jvm", "").split(" "))
                .filter(option -> !option.isBlank())
                .forEach(command::add);
        command.addAll(List.of("-jar", System.getProperty("contractflow.jar")));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.log").toFile());
        builder.environment().put("SERVER_PORT", String.valueOf(freePort()));
        builder.environment().put("WAREHOUSE_JDBC_URL", database.url());
        builder.environment().put("FEED_SETTLE_TIME", "1s");
        builder.environment().putAll(settings);
        return new ContractFlowProcess(builder.start(), folder, database);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /**
     * Drops a feed into the folder and waits until its run is over.
     *
     * @return the row of the run
     */
    Map<String, Object> runFeed(Path feed) throws IOException, InterruptedException, SQLException {
        long before = (Long) database.query("SELECT coalesce(max(run_id), 0) AS run_id FROM run")
                .get(0)
                .get("run_id");
        drop(feed);
        while (true) {
            List<Map<String, Object>> ended =
                    database.query("SELECT * FROM run WHERE status <> 'running' AND run_id > " + before);
            if (!ended.isEmpty()) {
                return ended.get(0);
            }
            requireAlive();
            Thread.sleep(100);
        }
    }

    /** Puts a feed where the process sees it, whole at once. */
    void drop(Path feed) throws IOException {
        Path feeds = Files.createDirectories(folder.resolve("feeds"));
        Path hidden = Files.copy(feed, feeds.resolve(".copied"), StandardCopyOption.REPLACE_EXISTING);
        Files.move(hidden, feeds.resolve(feed.getFileName()));
    }

    void requireAlive() throws IOException {
        if (!process.isAlive()) {
            throw new IllegalStateException("the process has ended:\n" + Files.readString(output));
        }
    }

    int await() throws InterruptedException {
        return process.waitFor();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Time that it has spent on the processors until now. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Memory that it holds now, in MiB; 0 where the system does not say. */
    long residentMib() {
        return status("VmRSS:");
    }

    /** The most memory that it has ever held, in MiB; 0 where the system does not say. */
    long peakResidentMib() {
        return status("VmHWM:");
    }

    private long status(String key) {
        Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
        if (!Files.isReadable(status)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith(key))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
