package contractflow.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import contractflow.support.ChildProcess;
import contractflow.support.Guide;
import contractflow.support.ProcessTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.sftp.server.FileHandle;
import org.apache.sshd.sftp.server.SftpEventListener;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Feeds from an SFTP server come as docs/editing-routes.md says. */
@Tag("slow")
class SftpIT extends ProcessTest {

    private static final String PASSWORD = "sftp-secret";

    private final AtomicInteger reads = new AtomicInteger();

    @TempDir
    private Path remote;

    private SshServer server;

    @BeforeEach
    void doAsTheGuideSays() throws Exception {
        for (String name : List.of("routes", "sql", "application.properties")) {
            Guide.copy(name, folder);
        }
        Guide.section("docs/editing-routes.md", "## Feeds from an SFTP server").followIn(folder);
        Files.createDirectories(remote.resolve("outgoing"));
        server = SshServer.setUpDefaultServer();
        server.setHost("127.0.0.1");
        KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
        keys.initialize(3072);
        KeyPair key = keys.generateKeyPair();
        server.setKeyPairProvider(KeyPairProvider.wrap(key));
        server.setPasswordAuthenticator((user, password, session) -> password.equals(PASSWORD));
        server.setFileSystemFactory(new VirtualFileSystemFactory(remote));
        SftpSubsystemFactory files = new SftpSubsystemFactory();
        files.addSftpEventListener(new SftpEventListener() {
            @Override
            public void reading(
                    ServerSession session,
                    String handle,
                    FileHandle file,
                    long offset,
                    byte[] data,
                    int dataOffset,
                    int dataLength)
                    throws IOException {
                if (reads.incrementAndGet() == 1) {
                    session.close(true);
                }
            }
        });
        server.setSubsystemFactories(List.of(files));
        server.start();
        Path known = folder.resolve("known_hosts");
        Files.writeString(
                known, "[127.0.0.1]:" + server.getPort() + " " + PublicKeyEntry.toString(key.getPublic()) + "\n");
        environment.put("SFTP_HOST", "127.0.0.1");
        environment.put("SFTP_PORT", String.valueOf(server.getPort()));
        environment.put("SFTP_PASSWORD", PASSWORD);
        environment.put("SFTP_KNOWN_HOSTS", known.toString());
        environment.put("SFTP_SETTLE_TIME", "300");
        environment.put("SFTP_EVERY", "500");
        environment.put("FEED_DIRECTORY", folder.resolve("feeds").toString());
        environment.put("SERVER_PORT", String.valueOf(freePort()));
    }

    @AfterEach
    void stopServer() throws IOException {
        server.stop(true);
    }

    @Test
    void feedOfTheServer_isRunOnceAndArchivedThere_alsoWhereTheConnectionBreaks() throws Exception {
        Files.writeString(
                remote.resolve("outgoing/contracts-20261127.csv"), "contract_id,customer_id\nC-1,K-1\nC-2,K-2\n");
        Files.writeString(remote.resolve("outgoing/notes.txt"), "not a feed");

        try (ChildProcess service = start()) {
            await().untilAsserted(
                            () -> assertThat(service.output()).contains("run 1 of contracts-20261127.csv: COMPLETE"));
            await().until(() -> Files.exists(remote.resolve("outgoing/archived/contracts-20261127.csv")));

            assertThat(reads.get()).as("the first read broke the connection").isGreaterThan(1);
            assertThat(query("SELECT rows, loaded FROM run")).containsExactly(Map.of("rows", 2L, "loaded", 2L));
            assertThat(remote.resolve("outgoing/contracts-20261127.csv")).doesNotExist();
            assertThat(remote.resolve("outgoing/notes.txt")).exists();
            await().until(() -> Files.exists(folder.resolve("feeds/done/contracts-20261127.csv")));
            assertThat(service.output()).doesNotContain(PASSWORD);
        }
    }
}
