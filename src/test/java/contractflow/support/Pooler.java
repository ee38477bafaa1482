package contractflow.support;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/** A real PgBouncer before a database: the one of this machine. */
public final class Pooler implements AutoCloseable {

    private final Process process;
    private final int port;
    private final String name;

    /**
     * @param databaseUrl of a database that asks for no password
     * @param settings lines of its configuration, such as {@code pool_mode=session}
     */
    public Pooler(String databaseUrl, String... settings) throws IOException {
        URI database = URI.create(databaseUrl.substring("jdbc:".length()));
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        name = database.getPath().substring(1);
        Path folder = Files.createTempDirectory("pgbouncer");
        List<String> lines = new ArrayList<>(List.of(
                "[databases]",
                name + " = host=127.0.0.1 port=" + database.getPort() + " user=postgres",
                "[pgbouncer]",
                "listen_addr = 127.0.0.1",
                "listen_port = " + port,
                "unix_socket_dir =",
                "auth_type = any",
                "ignore_startup_parameters = extra_float_digits,search_path"));
        lines.addAll(List.of(settings));
        Path configuration = Files.write(folder.resolve("pgbouncer.ini"), lines);
        List<String> command = new ArrayList<>(List.of(find().toString(), configuration.toString()));
        if (System.getProperty("user.name").equals("root")) {
            // It refuses to run as root.
            folder.toFile().setExecutable(true, false);
            folder.toFile().setReadable(true, false);
            command.addAll(1, List.of("-u", "nobody"));
        }
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        Awaitility.await().until(() -> answers() || !process.isAlive());
        if (!process.isAlive()) {
            throw new IllegalStateException(Files.readString(folder.resolve("log")));
        }
    }

    /** The JDBC URL of the database behind it. */
    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + '/' + name + "?user=postgres";
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Where there is none, the test is left out, unless CONTRACTFLOW_PGBOUNCER says that it is required. */
    private static Path find() {
        Optional<Path> pgbouncer = Stream.concat(
                        Stream.of(System.getenv("PATH").split(File.pathSeparator)), Stream.of("/usr/sbin"))
                .map(folder -> Path.of(folder, "pgbouncer"))
                .filter(Files::isExecutable)
                .findFirst();
        if (pgbouncer.isEmpty()) {
            String missing = "this machine has no PgBouncer; Debian's package is pgbouncer";
            if ("required".equals(System.getenv("CONTRACTFLOW_PGBOUNCER"))) {
                throw new IllegalStateException(missing);
            }
            System.out.println("PoolerIT is left out: " + missing);
            Assumptions.abort(missing);
        }
        return pgbouncer.orElseThrow();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
