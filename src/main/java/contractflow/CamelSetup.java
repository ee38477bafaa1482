package contractflow;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.apache.camel.main.MainConfigurationProperties;

/** Sets up Camel with everything that the process consists of, whoever starts it. */
final class CamelSetup {

    /** The routes of the status page, which need the server. */
    static final String PAGE_ROUTES = "**/page*.camel.yaml";

    /** The routes that begin by themselves. */
    static final String BEGINNING_ROUTES =
            "**/watch-feeds.camel.yaml,**/schedule.camel.yaml,**/last-runs.camel.yaml,**/sandbox-feed.camel.yaml";

    /** The routes that are for the process that watches only. */
    static final String SERVICE_ROUTES = BEGINNING_ROUTES + "," + PAGE_ROUTES;

    private CamelSetup() {}

    /**
     * Sets up Camel.
     *
     * @param warehouse to be closed when the routes have stopped
     */
    static void configure(MainConfigurationProperties camel, Properties properties, List<String> profiles, Warehouse warehouse) {
        properties.setProperty(Home.SQL, Home.directory("sql"));
        String routes = Home.directory("routes");
        if (routes.startsWith("file:") && !hasRoutes(Path.of("routes"))) {
            throw new SetupException("routes has no *.camel.yaml, so nothing would ever happen; without that folder, the routes"
                    + " that come with ContractFlow are used");
        }
        checkProfiles(profiles);
        List<String> patterns = new ArrayList<>(List.of(files(routes)));
        for (String profile : profiles) {
            String more = routes + "/" + profile;
            if (isThere(more)) {
                patterns.add(files(more));
            }
        }
        camel.setRoutesIncludePattern(String.join(",", patterns));
        SettingValues values = new SettingValues();
        camel.addMainListener(values);
        camel.addConfiguration(values);
        camel.addConfiguration(new Tracing());
        camel.addConfiguration(new TrustedServers());
        camel.addConfiguration(warehouse);
        camel.addConfiguration(new Observation());
    }

    /**
     * @throws SetupException where a profile has neither settings nor routes
     */
    static void checkProfiles(List<String> profiles) {
        for (String profile : profiles) {
            if (!isThere(Home.directory("routes") + "/" + profile)
                    && !isThere("file:" + Home.settingsOf(profile))
                    && !isThere("classpath:" + Home.settingsOf(profile))) {
                throw new SetupException("--profile: there is no " + profile + ", neither " + Home.settingsOf(profile) + " nor a folder routes/"
                        + profile);
            }
        }
    }

    /** Those of a jar one by one, since Camel would look for them among everything else that is in it, several times. */
    private static String files(String folder) {
        String pattern = folder + "/*.camel.yaml";
        String name = folder.replace("classpath:", "");
        try {
            URL packaged = folder.equals(name) ? null : CamelSetup.class.getClassLoader().getResource(name);
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
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file -> file.toString().endsWith(".camel.yaml"));
        } catch (IOException e) {
            throw new SetupException(folder + " cannot be read: " + e.getMessage(), e);
        }
    }
}
