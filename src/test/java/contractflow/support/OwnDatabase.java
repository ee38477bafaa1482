package contractflow.support;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;

/** A real PostgreSQL of one test, which can be away for a while. */
public final class OwnDatabase {

    private final Path data;
    private final int port;
    private EmbeddedPostgres server;

    public OwnDatabase() {
        try (ServerSocket free = new ServerSocket(0)) {
            data = Files.createTempDirectory("postgresql");
            port = free.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start();
    }

    public String url() {
        return server.getJdbcUrl("postgres", "postgres");
    }

    /** Has a role show its password; anybody else is let in without one. */
    public void askForPassword(String role) throws IOException, SQLException {
        Path rules = data.resolve("pg_hba.conf");
        Files.writeString(rules, "host all " + role + " 127.0.0.1/32 scram-sha-256\n" + Files.readString(rules));
        TestDatabase.query(url(), "SELECT pg_reload_conf()");
    }

    /** Starts it once more, with what was in it. */
    public void start() {
        try {
            server = EmbeddedPostgres.builder()
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    .setPort(port)
                    .setPGStartupWait(Duration.ofMinutes(1))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void stop() throws IOException {
        server.close();
    }
}
