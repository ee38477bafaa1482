package contractflow;

import java.io.IOException;
import java.io.InputStream;
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

/**
 * Where settings, routes and statements are read from: the folder that the process is started in, and what the jar has
 * packaged of each that is not there.
 */
final class Home {

    /** The location of the statements, for the routes. */
    static final String SQL = "contractflow.sql";

    /** The routes of the status page, which need the server. */
    static final String PAGE_ROUTES = "**/page*.camel.yaml";

    /** The routes that begin by themselves. */
    static final String BEGINNING_ROUTES =
            "**/watch-feeds.camel.yaml,**/schedule.camel.yaml,**/last-runs.camel.yaml,**/sandbox-feed.camel.yaml";

    /** The routes that are for the process that watches only. */
    static final String SERVICE_ROUTES = BEGINNING_ROUTES + "," + PAGE_ROUTES;

    private Home() {}

    /**
     * The files that settings are read from; the first that has a setting wins.
     *
     * @param profiles such as sandbox
     */
    static String settings(List<String> profiles) {
        StringBuilder locations = new StringBuilder();
        for (String source : new String[] {"file:", "classpath:"}) {
            files(profiles).forEach(file -> locations.append(source).append(file).append(";optional=true,"));
        }
        return locations.append("classpath:contractflow/camel.properties").toString();
    }

    /** The names of the files of settings, the one first that wins. */
    static List<String> files(List<String> profiles) {
        return Stream.concat(profiles.stream().map(Home::settingsOf), Stream.of("application.properties")).toList();
    }

    private static String settingsOf(String profile) {
        return "application-" + profile + ".properties";
    }

    /**
     * A setting as it is written, for what begins before Camel can read it.
     *
     * @param profiles such as sandbox
     * @return empty where nothing has it
     */
    static String setting(String key, List<String> profiles) {
        for (String given : new String[] {System.getProperty(key), System.getenv(SettingNames.environmentName(key))}) {
            if (given != null) {
                return given.strip();
            }
        }
        for (String location : settings(profiles).split(",")) {
            String name = location.replaceAll("^(file|classpath):|;.*", "");
            try (InputStream file = location.startsWith("file:")
                    ? Files.exists(Path.of(name)) ? Files.newInputStream(Path.of(name)) : null
                    : Home.class.getClassLoader().getResourceAsStream(name)) {
                Properties properties = new Properties();
                if (file != null) {
                    properties.load(file);
                }
                if (properties.containsKey(key)) {
                    return properties.getProperty(key).strip();
                }
            } catch (IOException | IllegalArgumentException unreadable) {
                // Whoever looks at all settings says so.
                return "";
            }
        }
        return "";
    }

    /**
     * Sets up Camel with everything that the process consists of, whoever starts it.
     *
     * @param warehouse to be closed when the routes have stopped
     */
    static void configure(MainConfigurationProperties camel, Properties properties, List<String> profiles, Warehouse warehouse) {
        properties.setProperty(SQL, directory("sql"));
        String routes = directory("routes");
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
            if (!isThere(directory("routes") + "/" + profile)
                    && !isThere("file:" + settingsOf(profile))
                    && !isThere("classpath:" + settingsOf(profile))) {
                throw new SetupException("--profile: there is no " + profile + ", neither " + settingsOf(profile) + " nor a folder routes/"
                        + profile);
            }
        }
    }

    /** Those of a jar one by one, since Camel would look for them among everything else that is in it, several times. */
    private static String files(String folder) {
        String pattern = folder + "/*.camel.yaml";
        String name = folder.replace("classpath:", "");
        try {
            URL packaged = folder.equals(name) ? null : Home.class.getClassLoader().getResource(name);
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
                : Home.class.getClassLoader().getResource(location.substring("classpath:".length())) != null;
    }

    private static boolean hasRoutes(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file -> file.toString().endsWith(".camel.yaml"));
        } catch (IOException e) {
            throw new SetupException(folder + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** The folder of that name where there is one, else the packaged one. */
    static String directory(String name) {
        return Files.isDirectory(Path.of(name)) ? "file:" + name : "classpath:" + name;
    }
}
