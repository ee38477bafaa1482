package contractflow.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import contractflow.config.ApplicationFiles;
import contractflow.config.SettingMask;
import contractflow.failure.SetupException;
import contractflow.report.ListFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code contractflow settings} shows; the environment of a process is for SettingsIT. */
class SettingsCommandTest {

    private static final String COMPLETE = """
            netsuite.base-url = https://1234567.suitetalk.api.netsuite.com/
            netsuite.token=secret-1
            usage.base-url=https://usage.example
            usage.token=secret-2
            """;

    @TempDir
    private Path home;

    @AfterEach
    void clearOptions() {
        System.clearProperty("batch.size");
    }

    @ParameterizedTest
    @CsvSource({
        "false, TABLE, pipe",
        "false, TABLE, terminal",
        "true, TABLE, pipe",
        "true, CSV, pipe",
        "true, JSON, pipe"
    })
    void list_isPrintedAsTheGoldenFileHasIt(boolean changed, ListFormat format, String where) throws Exception {
        write("application.properties", COMPLETE + """
                usage.period=2026-10
                http.proxy=http://night@proxy.example:3128
                http.proxy-password=secret-3
                warehouse.jdbc-url=jdbc:postgresql://one,two/analytics?targetServerType=primary&password=secret-4
                feed.directory=feeds
                billing.base-url=https://night:secret-5@billing.example
                """);
        write("application-night.properties", "usage.concurrency=20\n");
        write("routes/ours.camel.yaml", "uri: \"{{billing.base-url}}?every={{billing.every:7s}}\"\n");
        System.setProperty("batch.size", "250");

        SettingsCommand.Listed listed = listed(changed, "night");

        assertThat(listed.faults()).isEmpty();
        assertThat(text(listed)).doesNotContainPattern("secret-\\d");
        ListFormatTest.assertGolden(changed ? "settings-changed" : "settings", listed.rows(), format, where);
    }

    @Test
    void source_isTheFirstThatHasTheSetting() throws Exception {
        write("application.properties", COMPLETE + "batch.size=1\nusage.meter=one\napi.max-attempts=1\n");
        write("application-sandbox.properties", "batch.size=2\nusage.meter=two\n");
        System.setProperty("batch.size", "3");

        Map<String, List<Object>> settings = bySetting(listed(false, "sandbox"));

        assertThat(settings)
                .containsEntry("batch.size", List.of("Java option -Dbatch.size", "3"))
                .containsEntry("usage.meter", List.of("application-sandbox.properties", "two"))
                .containsEntry("api.max-attempts", List.of("application.properties", "1"))
                .containsEntry("feed.settle-time", List.of("profile sandbox", "1s"))
                .containsEntry("api.max-wait", List.of("default", "15m"));
    }

    @Test
    void changed_isAValueThatIsNotTheDefault() throws Exception {
        write("application.properties", COMPLETE + "batch.size=500\nnetsuite.concurrency= 15 \nusage.meter=\n");

        // The URL of the token endpoint follows that of the account.
        assertThat(bySetting(listed(true)).keySet())
                .containsExactlyInAnyOrder(
                        "netsuite.base-url", "netsuite.token", "usage.base-url", "usage.token", "usage.meter");
    }

    @Test
    void sandbox_hasNothingWrongBeforeItsFirstStart() throws Exception {
        assertThat(listed(false, "sandbox").faults()).isEmpty();
    }

    @Test
    void settingsOfTheUsersOwn_areListedWithTheirDefaults() throws Exception {
        write("application.properties", COMPLETE + "ours.period=5s\ncamel.main.duration-max-seconds=60\n");
        write(
                "routes/ours.camel.yaml",
                "uri: \"timer:x?period={{ours.period}}&delay={{ours.delay:7s}}&x={{?ours.x}}&h={{env:HOME}}\"\n");
        write("sql/report.sql", "SELECT :#${properties:ours.title:Contracts}\n");

        Map<String, List<Object>> settings = bySetting(listed(false));

        assertThat(settings)
                .containsEntry("ours.period", List.of("application.properties", "5s"))
                .containsEntry("ours.delay", List.of("default", "7s"))
                .containsEntry("ours.x", List.of("default", ""))
                .containsEntry("ours.title", List.of("default", "Contracts"))
                .containsEntry("camel.main.duration-max-seconds", List.of("application.properties", "60"))
                .doesNotContainKeys("env", "HOME");
        assertThat(bySetting(listed(true)).keySet())
                .contains("ours.period")
                .doesNotContain("ours.delay", "ours.x", "ours.title");
    }

    @Test
    void misspeltKey_isNamedAndNotListed() throws Exception {
        write("application.properties", COMPLETE + "netsuite.concurency=5\n");

        SettingsCommand.Listed listed = listed(false);

        assertThat(listed.faults())
                .containsExactly(
                        "netsuite.concurency in application.properties is not a setting; did you mean netsuite.concurrency?");
        assertThat(bySetting(listed))
                .containsEntry("netsuite.concurrency", List.of("default", "15"))
                .doesNotContainKey("netsuite.concurency");
    }

    @Test
    void fileThatCannotBeRead_isNamed() throws Exception {
        write("application.properties", "usage.meter=\\u12\n");

        assertThatThrownBy(() -> listed(false))
                .isInstanceOf(SetupException.class)
                .hasMessageContaining("application.properties cannot be read");
    }

    @ParameterizedTest
    @CsvSource({
        "log.level, secret-9",
        "netsuite.base-url, https://night:secret-9@netsuite.example",
        "usage.base-url, https://usage.example?key=secret-9",
        "netsuite.oauth.token-url, {{secret-9}}",
        "usage.oauth.scope, {{secret-9}}",
        "netsuite.headers, Authorization: Bearer secret-9",
        "warehouse.password-file, secret-9",
        "warehouse.jdbc-url, jdbc:postgresql://night:sec/ret-secret-9@db.example/x",
        "http.proxy, http://night:secret-9@proxy.example:3128",
        "http.proxy, http://night@secret-9@proxy.example:3128",
    })
    void valueThatIsRefused_isNotShown(String key, String value) throws Exception {
        write("application.properties", COMPLETE + key + "=" + value + "\n");

        SettingsCommand.Listed listed = listed(false);

        assertThat(listed.faults()).isNotEmpty();
        assertThat(bySetting(listed)).containsEntry(key, List.of("application.properties", "****"));
        assertThat(text(listed)).doesNotContain("secret-9");
    }

    @ParameterizedTest
    @CsvSource({
        "billing.token, secret-9, ****",
        "billing.api-key, secret-9, ****",
        "billing.key, secret-9, ****",
        "billing.password, '', ''",
        "billing.token-file, /run/secrets/billing, /run/secrets/billing",
        "billing.token-url, https://billing.example/token, https://billing.example/token",
        "billing.meter, monkeys, monkeys",
        "billing.url, https://night:se@cr/et@billing.example/x, https://****@billing.example/x",
        "billing.url, https://billing.example?x=1&apiKey=secret-9&y=2, https://billing.example?x=1&apiKey=****&y=2",
        "billing.url, jdbc:oracle:thin:night/secret-9@billing.example, jdbc:****@billing.example",
        "billing.url, jdbc:sqlserver://billing.example;user=night;password=secret;9, jdbc:sqlserver://billing.example;user=****",
        "billing.header, Authorization: Bearer secret-9, Authorization: Bearer ****",
        "billing.contact, night@billing.example, night@billing.example",
    })
    void secretOfTheUsersOwn_isMasked(String key, String value, String shown) {
        assertThat(SettingMask.of(key, value)).isEqualTo(shown);
    }

    private SettingsCommand.Listed listed(boolean changed, String... profiles) throws Exception {
        String locations = Stream.of(
                        ApplicationFiles.settings(List.of(profiles)).split(","))
                .map(location -> location.replace("file:", "file:" + home + "/"))
                .reduce((one, other) -> one + "," + other)
                .orElseThrow();
        return SettingsCommand.Listed.of(List.of(profiles), locations, home, Map.of(), changed);
    }

    private static Map<String, List<Object>> bySetting(SettingsCommand.Listed listed) {
        Map<String, List<Object>> settings = new LinkedHashMap<>();
        listed.rows()
                .forEach(
                        row -> settings.put((String) row.get("setting"), List.of(row.get("source"), row.get("value"))));
        return settings;
    }

    private static String text(SettingsCommand.Listed listed) {
        return listed.rows() + " " + listed.faults();
    }

    private void write(String name, String text) throws IOException {
        Path file = home.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
