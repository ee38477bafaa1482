package contractflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import contractflow.report.ExitCode;
import contractflow.support.ChildProcess;
import contractflow.support.ProcessTest;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** {@code contractflow settings} as a process, with neither the warehouse nor an API. */
class SettingsIT extends ProcessTest {

    @Test
    void settings_namesTheEnvironmentAndTheFile() throws Exception {
        apis.stop();
        environment.put("WAREHOUSE_JDBC_URL", "jdbc:postgresql://127.0.0.1:1/none");
        environment.put("USAGE_PERIOD", " 2026-10 ");
        environment.put("HTTP_PROXY", "http://night:secret-9@proxy.example:3128");
        Files.writeString(
                folder.resolve("application.properties"),
                "http.proxy=http://proxy.example:3128\nusage.period=2026-09\n");

        try (ChildProcess process = start("settings", "--changed", "--format", "csv")) {
            assertThat(process.exitCode()).as(process.output()).isZero();
            assertThat(process.standardOutput().lines())
                    .startsWith("setting,source,value")
                    .contains(
                            "netsuite.token,environment variable NETSUITE_TOKEN,****",
                            "usage.period,environment variable USAGE_PERIOD,2026-10",
                            "http.proxy,application.properties,http://proxy.example:3128",
                            "warehouse.jdbc-url,environment variable WAREHOUSE_JDBC_URL,jdbc:postgresql://127.0.0.1:1/none")
                    .noneMatch(line -> line.startsWith("batch.size,"));
            assertThat(process.output()).doesNotContain("secret-9");
            process.assertFitToRead();
        }
    }

    @Test
    void settings_listsAndNamesWhatIsWrong() throws Exception {
        environment.remove("USAGE_TOKEN");
        environment.put("LOG_LEVEL", "DEBUG");
        environment.put("SERVER_PORT", "secret-9");
        environment.put("NETSUITE_CONCURENCY", "5");

        try (ChildProcess process = start("settings")) {
            assertThat(process.exitCode()).as(process.output()).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(process.standardOutput())
                    .containsPattern("server.port +environment variable SERVER_PORT +[*]{4}\n")
                    .containsPattern("netsuite.concurrency +default +15\n");
            assertThat(process.output())
                    .contains("contractflow: server.port must be a port from 1 to 65535")
                    .contains("contractflow: usage.token is missing")
                    .contains(
                            "contractflow: the environment variable NETSUITE_CONCURENCY is not a setting; did you mean NETSUITE_CONCURRENCY?")
                    .doesNotContain("secret-9");
            process.assertFitToRead();
        }
    }
}
