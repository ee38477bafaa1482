package contractflow.config;

import contractflow.failure.SetupException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** The names that are settings: those of the product, and those that a user's own routes and statements use. */
public final class SettingNames {

    /** As routes write it, which may have it optional or with a default, and as statements do. */
    private static final Pattern PLACEHOLDER =
            Pattern.compile("(?:\\{\\{[?!]?|\\$\\{properties:)([A-Za-z0-9_.-]+)(?::([^{}]*)})?");

    /** What Camel reads the like of from elsewhere, such as {@code {{env:HOME}}}. */
    private static final Pattern FUNCTION = Pattern.compile("env|sys|bean|service(?:\\.(?:name|host|port))?");

    /** A name that differs from a known one by no more letters than this is taken for a misspelling of it. */
    private static final int MISSPELLING = 3;

    private final List<String> profiles;
    private final Path home;
    private final Map<String, String> environment;

    /**
     * @param profiles such as sandbox
     * @param home the folder that the process is started in
     * @param environment its variables
     */
    public SettingNames(List<String> profiles, Path home, Map<String, String> environment) {
        this.profiles = profiles;
        this.home = home;
        this.environment = environment;
    }

    /**
     * Names that are no settings, in the files and in the environment.
     *
     * @return a line each, without any value
     * @throws SetupException where a file cannot be read
     */
    public List<String> faults() {
        List<String> faults = new ArrayList<>();
        Set<String> known = new TreeSet<>(SettingsReference.keys());
        known.addAll(usedByRoutes().keySet());
        for (String file : ApplicationFiles.files(profiles)) {
            for (String key : keysOf(home.resolve(file))) {
                if (key.startsWith("camel.ssl.")) {
                    faults.add(
                            key + " in " + file + " is not for use here: whom to trust is said by tls.ca-file alone");
                } else if (!known.contains(key) && !key.startsWith("camel.")) {
                    faults.add(key + " in " + file + " is not a setting" + suggestion(key, known));
                }
            }
        }
        Map<String, String> byEnvironmentName = new LinkedHashMap<>();
        known.forEach(key -> byEnvironmentName.put(environmentName(key), key));
        for (String name : environment.keySet()) {
            if (!byEnvironmentName.containsKey(name) && !name.endsWith("_PROXY")) {
                nearest(name, byEnvironmentName.keySet())
                        .map(near ->
                                "the environment variable " + name + " is not a setting; did you mean " + near + "?")
                        .ifPresent(faults::add);
            }
        }
        return faults;
    }

    /**
     * The settings that are not the product's: those that a user's own routes and statements use, and those of Camel that the files set.
     *
     * @return by their names, the default that a route has for each; empty where there is none
     * @throws SetupException where a file cannot be read
     */
    public Map<String, String> own() {
        Map<String, String> own = new TreeMap<>(usedByRoutes());
        own.keySet().removeAll(SettingsReference.keys());
        own.keySet()
                .removeIf(key -> key.startsWith("contractflow.")
                        || key.startsWith("camel.")
                        || FUNCTION.matcher(key).matches());
        for (String file : ApplicationFiles.files(profiles)) {
            keysOf(home.resolve(file)).stream()
                    .filter(key -> key.startsWith("camel."))
                    .forEach(key -> own.put(key, ""));
        }
        return own;
    }

    /** The environment variable that sets it. */
    public static String environmentName(String key) {
        return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /** What is said where a setting has to be there and is not. */
    public static String missing(String key) {
        return key + " is missing: set it in application.properties or as " + environmentName(key);
    }

    private static String suggestion(String key, Set<String> known) {
        return nearest(key, known).map(near -> "; did you mean " + near + "?").orElse(", and no route uses it");
    }

    private static Optional<String> nearest(String name, Set<String> known) {
        LevenshteinDistance distance = new LevenshteinDistance(MISSPELLING);
        return known.stream()
                .filter(candidate -> name.length() > 2 * MISSPELLING && distance.apply(name, candidate) >= 0)
                .min(Comparator.comparing(candidate -> distance.apply(name, candidate)));
    }

    private static Set<String> keysOf(Path file) {
        if (!Files.isRegularFile(file)) {
            return Set.of();
        }
        try (Reader in = Files.newBufferedReader(file)) {
            Properties properties = new Properties();
            properties.load(in);
            return new TreeSet<>(properties.stringPropertyNames());
        } catch (IOException | IllegalArgumentException e) {
            throw new SetupException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private Map<String, String> usedByRoutes() {
        Map<String, String> defaults = new TreeMap<>();
        placeholders("routes", ".camel.yaml", defaults);
        placeholders("sql", ".sql", defaults);
        return defaults;
    }

    private void placeholders(String name, String suffix, Map<String, String> defaults) {
        Path folder = home.resolve(name);
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files.filter(f -> f.toString().endsWith(suffix))::iterator) {
                Matcher placeholder = PLACEHOLDER.matcher(Files.readString(file));
                while (placeholder.find()) {
                    defaults.merge(
                            placeholder.group(1),
                            Optional.ofNullable(placeholder.group(2)).orElse(""),
                            (one, other) -> one.isEmpty() ? other : one);
                }
            }
        } catch (IOException e) {
            throw new SetupException(name + " cannot be read: " + e.getMessage(), e);
        }
    }
}
