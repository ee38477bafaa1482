package contractflow.support;

import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.stream.Stream;

/** A PostgreSQL with a standby that it replicates to before it confirms a commit. */
public final class ReplicatedDatabase implements AutoCloseable {

    private final Path folder = Files.createTempDirectory("postgresql-replicated");
    private final int primaryPort = freePort();
    private final int standbyPort = freePort();
    private final EmbeddedPostgres primary;
    private final EmbeddedPostgres standby;

    public ReplicatedDatabase() throws IOException, SQLException {
        Path data = folder.resolve("primary");
        // The binaries have no pg_basebackup: a server that is stopped can be copied as it is.
        start(data, primaryPort, "").close();
        Path copy = folder.resolve("standby");
        copy(data, copy);
        Files.createFile(copy.resolve("standby.signal"));
        Files.writeString(
                copy.resolve("postgresql.auto.conf"),
                "primary_conninfo = 'host=127.0.0.1 port=" + primaryPort + " user=postgres'\n",
                StandardOpenOption.APPEND);
        primary = start(data, primaryPort, "*");
        standby = start(copy, standbyPort, "");
        await().atMost(Duration.ofSeconds(15))
                .until(() -> !TestDatabase.query(
                                url(primaryPort), "SELECT FROM pg_stat_replication WHERE sync_state = 'sync'")
                        .isEmpty());
    }

    /** The JDBC URL of whichever of the two is the primary. */
    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + primaryPort + ",127.0.0.1:" + standbyPort
                + "/postgres?user=postgres&targetServerType=primary&hostRecheckSeconds=1";
    }

    /** The primary is gone, as with its machine. */
    public void killPrimary() throws IOException {
        String pid = Files.readAllLines(folder.resolve("primary/postmaster.pid"))
                .get(0)
                .strip();
        ProcessHandle server = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
        Stream.concat(server.descendants(), Stream.of(server)).toList().forEach(ProcessHandle::destroyForcibly);
    }

    public void promote() throws SQLException {
        TestDatabase.query(url(standbyPort), "SELECT pg_promote()");
    }

    private static String url(int port) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres";
    }

    private static EmbeddedPostgres start(Path data, int port, String synchronousStandbys) throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setPort(port)
                // The tests' other servers confirm a commit before it is written.
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("synchronous_standby_names", synchronousStandbys)
                .setPGStartupWait(Duration.ofMinutes(1))
                .start();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, to.resolve(from.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    @Override
    public void close() throws IOException {
        standby.close();
        primary.close();
    }
}
