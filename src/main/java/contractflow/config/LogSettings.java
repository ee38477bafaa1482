package contractflow.config;

import contractflow.process.Settings;
import java.util.List;
import java.util.Locale;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** How the log is written, which is settled before its first line, and so before Camel reads the settings. */
public final class LogSettings {

    static final List<String> FORMATS = List.of("text", "json");
    static final List<String> LEVELS = List.of("info", "debug");

    private LogSettings() {}

    /**
     * Hands them to the configuration of the log. What is no format or level is left for {@link Settings} to name.
     *
     * @param profiles such as sandbox
     */
    public static void apply(List<String> profiles) {
        apply("log.format", FORMATS, profiles);
        apply("log.level", LEVELS, profiles);
        // Some libraries write to Java's own log, which has another place and another form.
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }

    /** Whether standard output is no terminal. */
    public static boolean isForPrograms() {
        return "json".equals(System.getProperty("contractflow.log.format"));
    }

    private static void apply(String key, List<String> values, List<String> profiles) {
        String value = ApplicationFiles.setting(key, profiles).toLowerCase(Locale.ROOT);
        System.setProperty("contractflow." + key, values.contains(value) ? value : values.get(0));
    }
}
