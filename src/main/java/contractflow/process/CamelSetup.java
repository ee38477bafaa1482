package contractflow.process;

import contractflow.config.ApplicationFiles;
import contractflow.config.SettingValues;
import contractflow.config.TrustedServers;
import contractflow.failure.SetupException;
import contractflow.observe.Observation;
import contractflow.observe.Tracing;
import contractflow.warehouse.Warehouse;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.apache.camel.main.MainConfigurationProperties;

/** Sets up Camel with everything that the process consists of. */
public final class CamelSetup {

    /** What holds for all routes. */
    private static final String DEFAULTS = "defaults.camel.yaml";

    private CamelSetup() {}

    /**
     * Sets up Camel.
     *
     * @param mode says which routes are loaded
     * @param warehouse to be closed when the routes have stopped
     */
    public static void configure(
            MainConfigurationProperties camel,
            Properties properties,
            List<String> profiles,
            Mode mode,
            Warehouse warehouse) {
        properties.setProperty(ApplicationFiles.SQL, ApplicationFiles.directory("sql"));
        checkRoutes();
        checkProfiles(profiles);
        camel.setRoutesIncludePattern(
                switch (mode) {
                    case DATABASE -> routesBesides(mode.folders());
                    case REHEARSAL -> routesBesides(List.of("sandbox", "sandbox/rehearsal"));
                    default -> routes(profiles, mode.folders());
                });
        SettingValues values = new SettingValues();
        camel.addMainListener(values);
        camel.addConfiguration(values);
        camel.addConfiguration(new ProducedCalls());
        camel.addConfiguration(new Tracing());
        camel.addConfiguration(new TrustedServers());
        camel.addConfiguration(warehouse);
        camel.addConfiguration(new Observation());
    }

    /**
     * Where routes are loaded from: what lies on top of {@code routes/}, and of a profile's folder in it, and in those of their
     * folders that are named.
     */
    public static String routes(List<String> profiles, List<String> folders) {
        String routes = ApplicationFiles.directory("routes");
        return Stream.concat(Stream.of(routes), profiles.stream().map(profile -> routes + "/" + profile))
                .flatMap(top -> Stream.concat(Stream.of(top), folders.stream().map(folder -> top + "/" + folder)))
                .filter(CamelSetup::isThere)
                .map(CamelSetup::files)
                .collect(Collectors.joining(","));
    }

    /** Without the canvas. */
    private static String routesBesides(List<String> folders) {
        String routes = ApplicationFiles.directory("routes");
        return Stream.concat(
                        Stream.of(routes + "/" + DEFAULTS),
                        folders.stream().map(folder -> files(routes + "/" + folder)))
                .collect(Collectors.joining(","));
    }

    /**
     * @throws SetupException where the folder of routes is not one of this version
     */
    private static void checkRoutes() {
        Path routes = Path.of("routes");
        if (!Files.isDirectory(routes)) {
            return;
        }
        if (!hasRoutes(routes)) {
            throw new SetupException(
                    "routes has no *.camel.yaml, so nothing would ever happen; without that folder, the routes"
                            + " that come with ContractFlow are used");
        }
        if (!Files.exists(routes.resolve(DEFAULTS))) {
            throw new SetupException(
                    "routes has no " + DEFAULTS + ", which says what becomes of an error in every route: begin with"
                            + " the routes of this version, which have folders, and repeat your changes there");
        }
    }

    /**
     * @throws SetupException where a profile has neither settings nor routes
     */
    public static void checkProfiles(List<String> profiles) {
        for (String profile : profiles) {
            if ((Mode.has(profile) || !isThere(ApplicationFiles.directory("routes") + "/" + profile))
                    && !isThere("file:" + ApplicationFiles.settingsOf(profile))
                    && !isThere("classpath:" + ApplicationFiles.settingsOf(profile))) {
                throw new SetupException("--profile: there is no " + profile + ", neither "
                        + ApplicationFiles.settingsOf(profile) + " nor a folder routes/" + profile);
            }
        }
    }

    /** Those of a jar one by one, since Camel would look for them among everything else that is in it, several times. */
    private static String files(String folder) {
        String pattern = folder + "/*.camel.yaml";
        String name = folder.replace("classpath:", "");
        try {
            URL packaged = folder.equals(name)
                    ? null
                    : CamelSetup.class.getClassLoader().getResource(name);
            if (packaged == null || !(packaged.openConnection() instanceof JarURLConnection jar)) {
                return pattern;
            }
            return jar.getJarFile().stream()
                    .map(ZipEntry::getName)
                    .filter(file -> file.matches(Pattern.quote(name) + "/[^/]+[.]camel[.]yaml"))
                    .map(file -> "classpath:" + file)
                    .collect(Collectors.joining(","));
        } catch (IOException e) {
            return pattern;
        }
    }

    private static boolean isThere(String location) {
        return location.startsWith("file:")
                ? Files.exists(Path.of(location.substring("file:".length())))
                : CamelSetup.class.getClassLoader().getResource(location.substring("classpath:".length())) != null;
    }

    private static boolean hasRoutes(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.anyMatch(file -> file.toString().endsWith(".camel.yaml"));
        } catch (IOException e) {
            throw new SetupException(folder + " cannot be read: " + e.getMessage(), e);
        }
    }
}
