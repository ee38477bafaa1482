package contractflow.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import contractflow.report.ExitCode;
import contractflow.support.ChildProcess;
import contractflow.support.OwnDatabase;
import contractflow.support.ProcessTest;
import contractflow.support.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A start while the database's password is changed: the service reads the file again, a command says what is refused. */
@Tag("slow")
class PasswordAtStartIT extends ProcessTest {

    private static final String REFUSED =
            "(?m)^contractflow: warehouse.username, warehouse.password or warehouse.jdbc-url: refused by"
                    + " jdbc:postgresql://\\S+: FATAL: password authentication failed for user \"loader\"$";

    private OwnDatabase server;
    private Path passwordFile;

    @BeforeEach
    void startServer() throws Exception {
        server = new OwnDatabase();
        TestDatabase.execute(server.url(), "CREATE ROLE loader LOGIN PASSWORD 'second-password'");
        TestDatabase.execute(server.url(), "GRANT CREATE ON SCHEMA public TO loader");
        server.askForPassword("loader");
        passwordFile = Files.writeString(folder.resolve("password"), "first-password\n");
        environment.put("WAREHOUSE_JDBC_URL", server.url().replaceAll("[?].*", ""));
        environment.put("WAREHOUSE_USERNAME", "loader");
        environment.put("WAREHOUSE_PASSWORD_FILE", passwordFile.toString());
        environment.put("FEED_DIRECTORY", folder.resolve("feeds").toString());
        environment.put("SERVER_PORT", String.valueOf(freePort()));
        environment.put("API_MAX_WAIT", "40s");
    }

    @AfterEach
    void stopServer() throws IOException {
        server.stop();
    }

    @Test
    void serviceWaitsForTheNewPassword() throws Exception {
        try (ChildProcess process = start()) {
            await().atMost(Duration.ofSeconds(30))
                    .until(
                            () -> process.output()
                                    .contains(
                                            "The warehouse refuses our user or password, warehouse.password-file is read again for 40 s: FATAL: password"));
            Files.writeString(passwordFile, "second-password\n");
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> process.output().contains("The warehouse is jdbc:postgresql://"));
            process.assertFitToRead();
            assertThat(process.output()).containsOnlyOnce("refuses our user").doesNotContain("-password\n");
        }
    }

    @Test
    void passwordThatStaysWrongIsNamed() throws Exception {
        environment.put("API_MAX_WAIT", "3s");
        try (ChildProcess service = start()) {
            assertThat(service.exitCode()).as(service.output()).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(service.output()).contains("is read again for 3 s").containsPattern(REFUSED);
        }
        environment.put("API_MAX_WAIT", "40s");
        try (ChildProcess command = start("run", feedOf(1))) {
            assertThat(command.exitCode()).as(command.output()).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(command.output()).doesNotContain("is read again").containsPattern(REFUSED);
        }
        environment.remove("WAREHOUSE_PASSWORD_FILE");
        environment.put("WAREHOUSE_PASSWORD", "first-password");
        try (ChildProcess service = start()) {
            assertThat(service.exitCode())
                    .as("no file can change: " + service.output())
                    .isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(service.output()).doesNotContain("is read again").containsPattern(REFUSED);
        }
    }
}
