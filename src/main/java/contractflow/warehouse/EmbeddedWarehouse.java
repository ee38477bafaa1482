package contractflow.warehouse;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import contractflow.failure.SetupException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real PostgreSQL beside this process, which keeps its data in a folder and stops with the process. A second process on the
 * same folder uses the first one's server.
 */
public final class EmbeddedWarehouse implements AutoCloseable {

    static final String USERNAME = "postgres";

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedWarehouse.class);
    private static final Duration STARTUP = Duration.ofSeconds(30);

    private final int port;
    private final EmbeddedPostgres server;
    private final FileChannel owner;

    private EmbeddedWarehouse(int port, EmbeddedPostgres server, FileChannel owner) {
        this.port = port;
        this.server = server;
        this.owner = owner;
    }

    /**
     * @param folder made where it is missing
     */
    static EmbeddedWarehouse start(Path folder) {
        return start(folder, 0);
    }

    /**
     * For one process only.
     *
     * @param folder made where it is missing
     * @param port that it listens on; 0 for any that is free
     * @throws SetupException where another process has the folder
     */
    public static EmbeddedWarehouse startAlone(Path folder, int port) {
        EmbeddedWarehouse warehouse = start(folder, port);
        if (warehouse.server == null) {
            throw new SetupException("another process uses the PostgreSQL in " + folder.toAbsolutePath()
                    + ": wait for its end, then try again");
        }
        return warehouse;
    }

    private static EmbeddedWarehouse start(Path folder, int port) {
        Path data = folder.resolve("postgresql").toAbsolutePath();
        try {
            Files.createDirectories(data);
            // The system takes the lock back when a process is killed, so the process that gets it is the only one.
            FileChannel owner = FileChannel.open(folder.resolve("owner.lock"), CREATE, WRITE);
            FileLock lock = owner.tryLock();
            if (lock == null) {
                owner.close();
                return new EmbeddedWarehouse(portOfRunningServer(data), null, null);
            }
            stopOrphan(data);
            EmbeddedPostgres server = EmbeddedPostgres.builder()
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    .setPort(port)
                    .setRegisterShutdownHook(false)
                    .setServerConfig("fsync", "on")
                    .setServerConfig("listen_addresses", "127.0.0.1")
                    .setServerConfig("max_wal_size", "1GB")
                    .setPGStartupWait(STARTUP)
                    .start();
            return new EmbeddedWarehouse(server.getPort(), server, owner);
        } catch (IOException | RuntimeException e) {
            throw new SetupException(
                    "warehouse.jdbc-url is empty, and the embedded PostgreSQL in " + data + " does not start: "
                            + e.getMessage(),
                    e);
        }
    }

    /** The JDBC URL of the one that another process has started in a folder; nothing is started, or made. */
    static Optional<String> urlOfRunning(Path folder) {
        try {
            List<String> pidFile = pidFile(folder.resolve("postgresql"));
            boolean running = pidFile.size() >= 8
                    && pidFile.get(7).strip().equals("ready")
                    && ProcessHandle.of(Long.parseLong(pidFile.get(0).strip())).isPresent();
            return running
                    ? Optional.of(jdbcUrl(Integer.parseInt(pidFile.get(3).strip()), "postgres"))
                    : Optional.empty();
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    public String jdbcUrl() {
        return jdbcUrl(port, "postgres");
    }

    /** The one of another of its databases. */
    public String jdbcUrl(String database) {
        return jdbcUrl(port, database);
    }

    private static String jdbcUrl(int port, String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=" + USERNAME;
    }

    public int port() {
        return port;
    }

    /** The first process may still be starting its server. */
    private static int portOfRunningServer(Path data) throws IOException {
        long end = System.nanoTime() + STARTUP.toNanos();
        while (System.nanoTime() < end) {
            List<String> pidFile = pidFile(data);
            if (pidFile.size() >= 8 && pidFile.get(7).strip().equals("ready")) {
                return Integer.parseInt(pidFile.get(3).strip());
            }
            try {
                TimeUnit.MILLISECONDS.sleep(100);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        throw new IOException("another process has the folder, and its server does not come up");
    }

    /** A process that was killed leaves its server behind. */
    private static void stopOrphan(Path data) throws IOException {
        List<String> pidFile = pidFile(data);
        if (pidFile.isEmpty()) {
            return;
        }
        Optional<ProcessHandle> orphan = ProcessHandle.of(
                        Long.parseLong(pidFile.get(0).strip()))
                .filter(process -> process.info()
                        .command()
                        .map(c -> c.contains("postgres"))
                        .orElse(false));
        if (orphan.isPresent()) {
            LOG.info("Stopping the PostgreSQL that a killed process left behind");
            orphan.get().destroy();
            try {
                orphan.get().onExit().get(STARTUP.toSeconds(), TimeUnit.SECONDS);
            } catch (TimeoutException | ExecutionException e) {
                orphan.get().destroyForcibly();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static List<String> pidFile(Path data) throws IOException {
        try {
            return Files.readAllLines(data.resolve("postmaster.pid"));
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    @Override
    public void close() {
        if (server == null || !owner.isOpen()) {
            return;
        }
        try {
            server.close();
            owner.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
