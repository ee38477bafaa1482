package contractflow.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/** What {@code contractflow/settings.yaml} says of each setting, in its order. */
public final class SettingsReference {

    private static final String FILE = "/contractflow/settings.yaml";

    private static final List<Section> SECTIONS = load();
    private static final Map<String, Setting> SETTINGS = new LinkedHashMap<>();

    static {
        SECTIONS.forEach(section -> section.settings().forEach(setting -> SETTINGS.put(setting.name(), setting)));
    }

    /**
     * A setting.
     *
     * @param title what it is, a sentence
     * @param description more sentences; empty where there are none
     * @param defaultValue as a file of settings has it; empty where there is none
     * @param required whether its value must not be empty
     * @param secret whether its value must not be shown
     */
    public record Setting(
            String name,
            String title,
            String description,
            SettingKind kind,
            String defaultValue,
            boolean required,
            boolean secret) {

        private static Setting of(String name, Map<String, String> said) {
            return new Setting(
                    name,
                    said.get("title"),
                    said.getOrDefault("description", ""),
                    SettingKind.named(said.getOrDefault("type", "text")),
                    said.getOrDefault("default", ""),
                    Boolean.parseBoolean(said.get("required")),
                    Boolean.parseBoolean(said.get("secret")));
        }
    }

    /** Settings that belong together. */
    public record Section(String title, List<Setting> settings) {}

    private SettingsReference() {}

    public static List<Section> sections() {
        return SECTIONS;
    }

    /** Every key that the product itself knows. */
    public static Set<String> keys() {
        return settings().keySet();
    }

    /** Each setting by its name. */
    public static Map<String, Setting> settings() {
        return Collections.unmodifiableMap(SETTINGS);
    }

    /** With the parser of the routes, whose classes each start loads anyway. */
    private static List<Section> load() {
        Load yaml = new Load(LoadSettings.builder()
                .setLabel(FILE)
                .setSchema(new FailsafeSchema())
                .build());
        try (InputStream in = SettingsReference.class.getResourceAsStream(FILE)) {
            List<Section> sections = new ArrayList<>();
            @SuppressWarnings("unchecked")
            List<Map<String, Object>> file = (List<Map<String, Object>>) yaml.loadFromInputStream(in);
            for (Map<String, Object> section : file) {
                @SuppressWarnings("unchecked")
                Map<String, Map<String, String>> settings = (Map<String, Map<String, String>>) section.get("settings");
                sections.add(new Section(
                        (String) section.get("section"),
                        settings.entrySet().stream()
                                .map(entry -> Setting.of(entry.getKey(), entry.getValue()))
                                .toList()));
            }
            return List.copyOf(sections);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
