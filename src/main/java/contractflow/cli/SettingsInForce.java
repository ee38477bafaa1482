package contractflow.cli;

import contractflow.config.SettingKind;
import contractflow.config.SettingMask;
import contractflow.config.SettingNames;
import contractflow.config.SettingValues;
import contractflow.config.SettingsReference;
import contractflow.contract.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.PropertiesComponent;
import org.apache.camel.spi.PropertiesResolvedValue;

/** The settings as the process would read them: the value of each, and where it comes from. */
final class SettingsInForce {

    private static final String DEFAULT = "default";
    private static final String FILE = "file:";
    private static final String PACKAGED_PROFILE = "classpath:application-";

    private final CamelContext camel;
    private final List<String> faults;

    /** A setting with a value that may be a secret. */
    private record Value(String text, String defaultText, String source) {

        boolean isChanged() {
            return !text.equals(defaultText);
        }
    }

    /**
     * @param camel with the files of settings and {@link SettingValues}
     * @param faults what is wrong with the settings; a text that is refused may be a secret under the wrong key, and is not shown
     */
    SettingsInForce(CamelContext camel, List<String> faults) {
        this.camel = camel;
        this.faults = faults;
    }

    /**
     * The rows of the list, in the order of the reference, then those of a user's own by their names.
     *
     * @param own the default of each; empty where there is none
     * @param changed whether only those whose value is not the default
     */
    List<Map<String, Object>> rows(Map<String, String> own, boolean changed) {
        List<Map<String, Object>> rows = new ArrayList<>();
        SettingsReference.settings().forEach((key, setting) -> {
            Value value = value(key, resolve(key, setting.defaultValue()));
            if (!changed || value.isChanged()) {
                boolean shown =
                        setting.kind().accepts(value.text) && !(setting.kind() == SettingKind.TEXT && isRefused(key));
                rows.add(row(key, value, shown ? SettingMask.of(setting, value.text) : SettingMask.all(value.text)));
            }
        });
        own.forEach((key, defaultText) -> {
            Value value = value(key, defaultText);
            if (!changed || value.isChanged()) {
                rows.add(row(key, value, SettingMask.of(key, value.text)));
            }
        });
        return rows;
    }

    private boolean isRefused(String key) {
        return faults.stream().anyMatch(fault -> fault.startsWith(key + " ") || fault.startsWith(key + ":"));
    }

    private Value value(String key, String defaultText) {
        PropertiesComponent properties = camel.getPropertiesComponent();
        String text = resolve(key, "{{?" + key + "}}");
        String source = properties
                .getResolvedValue(key)
                .map(PropertiesResolvedValue::source)
                .orElse("");
        return text == null
                ? new Value(defaultText, defaultText, DEFAULT)
                : new Value(text, defaultText, source(key, source));
    }

    /** Null where there is no such setting. */
    private String resolve(String key, String text) {
        try {
            return SettingValues.plain(key, camel.resolvePropertyPlaceholders(text));
        } catch (IllegalArgumentException unresolvable) {
            // It has {{ }} around something that is no setting, which is one of the faults.
            return SettingMask.MASK;
        }
    }

    /** In words, for what Camel calls ENV, SYS or a location. */
    private static String source(String key, String camels) {
        return switch (camels) {
            case "ENV" -> "environment variable " + SettingNames.environmentName(key);
            case "SYS" -> "Java option -D" + key;
            default -> {
                if (camels.startsWith(FILE)) {
                    yield Path.of(camels.substring(FILE.length())).getFileName().toString();
                }
                yield camels.startsWith(PACKAGED_PROFILE)
                        ? "profile "
                                + camels.substring(PACKAGED_PROFILE.length()).replace(".properties", "")
                        : DEFAULT;
            }
        };
    }

    private static Map<String, Object> row(String key, Value value, String shown) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("setting", key);
        row.put("source", value.source);
        row.put("value", shown);
        row.put(
                "json",
                Json.exact()
                        .createObjectNode()
                        .put("setting", key)
                        .put("source", value.source)
                        .put("value", shown)
                        .put("changed", value.isChanged())
                        .toString());
        return row;
    }
}
