package contractflow.conventions;

import static org.assertj.core.api.Assertions.assertThat;

import contractflow.config.SettingNames;
import contractflow.config.SettingsReference;
import contractflow.config.SettingsReference.Section;
import contractflow.config.SettingsReference.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What is generated from {@code contractflow/settings.yaml} is what is in the repository. {@code -Dsettings.write=true} writes it.
 */
class SettingsReferenceTest {

    private static final int LINE = 130;
    private static final int HEADING = 100;

    private static final String FILE_HEADER = """
            # ContractFlow's settings. Each may also be an environment variable: netsuite.base-url is NETSUITE_BASE_URL.
            # What is in force, and where it comes from: contractflow settings. More about settings: docs/settings.md.
            """;

    private static final String PAGE_HEADER = """
            # Settings

            <!-- Generated from src/main/resources/contractflow/settings.yaml by SettingsReferenceTest: edit that file. -->

            A setting is a line of `application.properties` in the folder of the process, or an environment variable: the name in capitals, with `.`
            and `-` as `_`. `netsuite.base-url` is `NETSUITE_BASE_URL`. The first of these that has a setting wins:

            1. the environment variable; not for `http.proxy`
            2. the Java option `-Dname=value`
            3. `application-<profile>.properties` of the folder, with `--profile <profile>`
            4. `application.properties` of the folder
            5. the default of the profile, as `sandbox` has some
            6. the default

            Blanks around a value are removed, and the slash at the end of a base URL. How secrets are set, and how the proxy of the environment is
            used, is in [connect-netsuite.md](connect-netsuite.md). A setting that is unknown, missing or of the wrong type stops the start with a
            line that names it, without its value. A route of your own uses a setting of your own as `{{its.name}}`; it needs no entry here.

                contractflow settings [--changed] [--format table|csv|json]

            lists each setting, where it comes from, and its value; with `--changed` only those that differ from the default. Secrets are `****`, also
            inside URLs. A refused value is `****`, too, since it may be a secret under the wrong name; standard error says what is wrong with it,
            and the exit code is 1. The command needs neither the warehouse nor the APIs.

                setting               source                                     value
                netsuite.base-url     application.properties                     https://1234567.suitetalk.api.netsuite.com
                netsuite.concurrency  environment variable NETSUITE_CONCURRENCY  5
                warehouse.password    environment variable WAREHOUSE_PASSWORD    ****
            """;

    @Test
    void applicationProperties_areThoseOfTheReference() throws IOException {
        assertGenerated(Path.of("application.properties"), applicationProperties());
    }

    @Test
    void pageOfSettings_isThatOfTheReference() throws IOException {
        assertGenerated(Path.of("docs/settings.md"), page());
    }

    @Test
    void everySetting_isDescribedInSentences() {
        assertThat(SettingsReference.settings().values()).hasSizeGreaterThan(50).allSatisfy(setting -> {
            assertThat(setting.title()).matches("[A-Z].*[^.]\\.");
            assertThat(setting.description()).matches("|.*[.]").doesNotContain("\n");
            if (!setting.defaultValue().isEmpty() && !setting.defaultValue().contains("{{")) {
                assertThat(setting.kind().accepts(setting.defaultValue()))
                        .as("default of %s", setting.name())
                        .isTrue();
            }
        });
    }

    @Test
    void everySecret_canBeInAFileAndHasNoDefault() {
        assertThat(SettingsReference.settings().values())
                .filteredOn(Setting::secret)
                .hasSizeGreaterThan(5)
                .allSatisfy(secret -> {
                    assertThat(SettingsReference.keys()).contains(secret.name() + "-file");
                    assertThat(secret.defaultValue()).isEmpty();
                });
        assertThat(SettingsReference.keys())
                .filteredOn(key -> key.matches(".*(token|password|secret)"))
                .allSatisfy(
                        key -> assertThat(SettingsReference.settings().get(key).secret())
                                .as(key)
                                .isTrue());
    }

    private static void assertGenerated(Path file, String generated) throws IOException {
        if (Boolean.getBoolean("settings.write")) {
            Files.writeString(file, generated);
        }
        assertThat(Files.readString(file))
                .as(
                        "%s is generated from settings.yaml: mvn test -Dtest=SettingsReferenceTest -Dsettings.write=true writes it",
                        file)
                .isEqualTo(generated);
    }

    private static String applicationProperties() {
        StringBuilder text = new StringBuilder(FILE_HEADER);
        for (Section section : SettingsReference.sections()) {
            String heading = "# --- " + section.title() + " ";
            text.append('\n')
                    .append(heading)
                    .append("-".repeat(HEADING - heading.length()))
                    .append("\n\n");
            for (Setting setting : section.settings()) {
                String comment =
                        (setting.title() + " " + setting.description()).strip().replace("`", "");
                if (isGivenByTheUser(setting)) {
                    comment += " Required.";
                }
                if (setting.secret()) {
                    comment += " Better as " + SettingNames.environmentName(setting.name()) + " or in the file of "
                            + setting.name() + "-file.";
                }
                wrapped(comment).forEach(line -> text.append("# ").append(line).append('\n'));
                text.append(setting.name())
                        .append('=')
                        .append(setting.defaultValue())
                        .append('\n');
            }
        }
        return text.toString();
    }

    private static List<String> wrapped(String comment) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : comment.split(" ")) {
            if (line.length() + 1 + word.length() > LINE - "# ".length()) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    private static String page() {
        StringBuilder text = new StringBuilder(PAGE_HEADER);
        for (Section section : SettingsReference.sections()) {
            text.append("\n## ")
                    .append(section.title())
                    .append("\n\n| name | meaning | type | default |\n|---|---|---|---|\n");
            for (Setting setting : section.settings()) {
                String meaning =
                        (setting.title() + " " + setting.description()).strip().replace("|", "\\|");
                String type = setting.kind().title + (setting.secret() ? ", secret" : "");
                String standard = isGivenByTheUser(setting) ? "required" : "–";
                text.append("| `%s` | %s | %s | %s |\n"
                        .formatted(
                                setting.name(),
                                meaning,
                                type,
                                setting.defaultValue().isEmpty() ? standard : "`" + setting.defaultValue() + "`"));
            }
        }
        return text.toString();
    }

    private static boolean isGivenByTheUser(Setting setting) {
        return setting.required() && setting.defaultValue().isEmpty();
    }
}
