package contractflow.support;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/** A real PostgreSQL of one test that shows a certificate. */
public final class TlsDatabase implements AutoCloseable {

    private final Path folder;
    private final int port;
    private EmbeddedPostgres server;

    /** One that certifies for an address that it is reached at. */
    public TlsDatabase(TestKeys.Ca ca, String host, Instant end) throws Exception {
        folder = Files.createTempDirectory("postgresql-tls");
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        certify(ca, host, end);
        start();
    }

    /** Takes another certificate from then on; connections that are open stay so. */
    public void certify(TestKeys.Ca ca, String host, Instant end) throws Exception {
        KeyPair keys = TestKeys.ec("secp256r1");
        X509Certificate certificate = ca.server(keys, host, end);
        Files.writeString(folder.resolve("server.crt"), TestKeys.pem(certificate));
        Path key = folder.resolve("server.key");
        Files.deleteIfExists(key);
        Files.createFile(key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(key, TestKeys.pem(keys));
    }

    /** The JDBC URL, without TLS. */
    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres";
    }

    public void start() throws IOException {
        server = EmbeddedPostgres.builder()
                .setPGStartupWait(Duration.ofMinutes(1))
                .setDataDirectory(folder.resolve("data"))
                .setCleanDataDirectory(false)
                .setPort(port)
                .setServerConfig("ssl", "on")
                .setServerConfig("ssl_cert_file", folder.resolve("server.crt").toString())
                .setServerConfig("ssl_key_file", folder.resolve("server.key").toString())
                .start();
    }

    public void stop() throws IOException {
        server.close();
    }

    @Override
    public void close() throws IOException {
        stop();
    }
}
