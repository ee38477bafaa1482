package contractflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Settings that are missing, misspelt or of the wrong kind are all named before anything starts, and never their values. */
class SettingsTest {

    @TempDir
    private Path home;

    private final Properties settings = new Properties();
    private final Set<String> environment = new TreeSet<>(Set.of("HOME", "PATH", "USAGE_METER"));

    @BeforeEach
    void completeSettings() {
        settings.setProperty("netsuite.base-url", "https://netsuite.example");
        settings.setProperty("netsuite.token", "secret-1");
        settings.setProperty("usage.base-url", "https://usage.example");
        settings.setProperty("usage.token", "secret-2");
    }

    @Test
    void completeSettingsAreAccepted() throws Exception {
        assertThat(faults()).isEmpty();
    }

    @Test
    void missingSettingsAreNamedAllAtOnce() throws Exception {
        settings.remove("netsuite.token");
        settings.remove("usage.base-url");
        settings.setProperty("usage.token", "  ");
        settings.setProperty("batch.size", "");

        assertThat(faults())
                .containsExactly(
                        "netsuite.token is missing: set it in application.properties or as NETSUITE_TOKEN",
                        "usage.base-url is missing: set it in application.properties or as USAGE_BASE_URL",
                        "usage.token is missing: set it in application.properties or as USAGE_TOKEN",
                        "batch.size is missing: set it in application.properties or as BATCH_SIZE");
    }

    @ParameterizedTest
    @CsvSource({
        "netsuite.base-url, secret-9",
        "netsuite.base-url, ftp://secret-9.example",
        "netsuite.base-url, https://someone:secret-9@netsuite.example",
        "usage.base-url, https://usage.example?key=secret-9",
        "contract.workers, 0",
        "contract.workers, secret-9",
        "batch.size, 2.5",
        "netsuite.requests-per-second, 0",
        "netsuite.requests-per-second, NaN",
        "netsuite.timeout, -1s",
        "usage.timeout, soon",
        "usage.timeout, 0",
        "api.max-wait, secret-9",
        "usage.period, 2026-13",
        "usage.period, October",
        "warehouse.jdbc-url, jdbc:mysql://secret-9",
        "schedule.cron, 0 2 * * *",
        "schedule.cron, secret-9",
        "schedule.cron, 0 0 2 1 1 ? 2001",
        "schedule.time-zone, secret-9",
        "schedule.time-zone, +02:00",
        "schedule.every, secret-9",
        "run.deadline, 25:00",
        "run.max-dead-percent, secret-9",
        "server.port, 70000",
    })
    void settingOfTheWrongKindIsNamedWithoutItsValue(String key, String value) throws Exception {
        settings.setProperty(key, value);

        assertThat(faults()).singleElement().asString().startsWith(key + " must be ").doesNotContain("secret");
    }

    @Test
    void wrongKindAndMissingAreNamedTogether() throws Exception {
        settings.remove("netsuite.token");
        settings.setProperty("server.port", "http");

        assertThat(faults()).hasSize(2).anyMatch(f -> f.startsWith("netsuite.token")).anyMatch(f -> f.startsWith("server.port"));
    }

    @Test
    void twoSchedulesAreOneTooMany() throws Exception {
        settings.setProperty("schedule.cron", "0 0 2 ? * 6#3");
        assertThat(faults()).isEmpty();

        settings.setProperty("schedule.every", "24h");

        assertThat(faults()).containsExactly("schedule.cron and schedule.every are both set: leave one of them empty");
    }

    @Test
    void misspeltSettingIsNamedWithTheOneThatIsMeant() throws Exception {
        settings.setProperty("netsuite.request-per-second", "10");

        assertThat(faults())
                .containsExactly("netsuite.request-per-second in application.properties is not a setting;"
                        + " did you mean netsuite.requests-per-second?");
    }

    @Test
    void settingThatNothingUsesIsNamed() throws Exception {
        settings.setProperty("colour", "blue");

        assertThat(faults()).containsExactly("colour in application.properties is not a setting, and no route uses it");
    }

    @Test
    void misspeltEnvironmentVariableIsNamedWithTheOneThatIsMeant() throws Exception {
        environment.add("WAREHOUSE_PASWORD");

        assertThat(faults())
                .containsExactly("the environment variable WAREHOUSE_PASWORD is not a setting; did you mean WAREHOUSE_PASSWORD?");
    }

    @Test
    void settingOfTheUsersOwnRouteIsAccepted() throws Exception {
        write("routes/ours.camel.yaml", "uri: \"timer:ours?period={{ours.period}}&delay={{?ours.delay}}\"\n");
        settings.setProperty("ours.period", "5s");
        settings.setProperty("ours.delay", "5s");
        environment.add("OURS_PERIOD");

        assertThat(faults()).isEmpty();
    }

    @Test
    void settingOfTheUsersOwnStatementIsAccepted() throws Exception {
        write("sql/report.sql", "SELECT :#${properties:ours.title}\n");
        settings.setProperty("ours.title", "Contracts");

        assertThat(faults()).isEmpty();
    }

    @Test
    void settingOfTheUsersOwnRouteIsSuggestedAsWell() throws Exception {
        write("routes/ours.camel.yaml", "uri: \"timer:ours?period={{ours.period}}\"\n");
        settings.setProperty("ours.period", "5s");
        settings.setProperty("ours.perod", "5s");

        assertThat(faults())
                .containsExactly("ours.perod in application.properties is not a setting; did you mean ours.period?");
    }

    @Test
    void settingOfCamelItselfIsAccepted() throws Exception {
        settings.setProperty("camel.main.duration-max-seconds", "60");

        assertThat(faults()).isEmpty();
    }

    @Test
    void fileThatIsNoPropertiesFileIsNamed() throws Exception {
        write("application.properties", "usage.meter=\\u12\n");

        assertThat(catchThrowable(() -> new Settings(null, home, environment).beforeConfigure(new Main())))
                .isInstanceOf(SetupException.class)
                .hasMessageContaining("application.properties cannot be read");
    }

    /** What a start says about the settings, a line each; nothing where it goes on. */
    private List<String> faults() throws Exception {
        StringBuilder lines = new StringBuilder();
        settings.forEach((key, value) -> lines.append(key).append('=').append(value).append('\n'));
        Path file = write("application.properties", lines.toString());
        Main main = new Main();
        main.setPropertyPlaceholderLocations(
                "file:" + file + ",classpath:application.properties,classpath:contractflow/camel.properties");
        main.addOverrideProperty("camel.server.enabled", "false");
        main.bind("warehouse", new PGSimpleDataSource());
        main.configure().addMainListener(new Settings(null, home, environment));
        try {
            main.init();
            return List.of();
        } catch (SetupException e) {
            return e.getMessage().lines().toList();
        } finally {
            main.stop();
        }
    }

    private Path write(String name, String text) throws IOException {
        Path file = home.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }
}
