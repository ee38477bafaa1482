package contractflow.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import contractflow.support.ChildProcess;
import contractflow.support.ProcessTest;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;

/** The sandbox works as a whole: it signs in to its own APIs with a key that it has made. */
class SandboxIT extends ProcessTest {

    @Test
    void runAgainstTheSimulatedApisLoadsEverything() throws Exception {
        environment.keySet().removeIf(key -> !key.startsWith("WAREHOUSE"));
        try (ServerSocket free = new ServerSocket(0)) {
            environment.put("SERVER_PORT", String.valueOf(free.getLocalPort()));
        }
        StringBuilder csv = new StringBuilder("contract_id,customer_id\n");
        for (int i = 10; i < 40; i++) {
            csv.append("100").append(i).append(",70").append(i).append('\n');
        }

        try (ChildProcess process = start("run", "--profile", "sandbox", feed("contracts.csv", csv.toString()))) {
            assertThat(process.exitCode()).as(process.output()).isZero();
            process.assertFitToRead();
        }

        assertThat(query("SELECT count(*) AS loaded FROM contract_enriched").get(0))
                .containsEntry("loaded", 30L);
        Path key = folder.resolve("data/sandbox-netsuite-key.pem");
        assertThat(key).isRegularFile();
        if (key.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                    .isEqualTo("rw-------");
        }
    }
}
