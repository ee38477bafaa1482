package contractflow;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
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
     * @param profile such as sandbox, or null
     */
    static String settings(String profile) {
        StringBuilder locations = new StringBuilder();
        for (String source : new String[] {"file:", "classpath:"}) {
            if (profile != null) {
                locations.append(source).append("application-").append(profile).append(".properties;optional=true,");
            }
            locations.append(source).append("application.properties;optional=true,");
        }
        return locations.append("classpath:contractflow/camel.properties").toString();
    }

    /**
     * Sets up Camel with everything that the process consists of, whoever starts it.
     *
     * @param warehouse to be closed when the routes have stopped
     */
    static void configure(MainConfigurationProperties camel, Properties properties, String profile, Warehouse warehouse) {
        properties.setProperty(SQL, directory("sql"));
        String routes = directory("routes");
        if (routes.startsWith("file:") && !hasRoutes(Path.of("routes"))) {
            throw new SetupException("routes has no *.camel.yaml, so nothing would ever happen; without that folder, the routes"
                    + " that come with ContractFlow are used");
        }
        camel.setRoutesIncludePattern(files(routes) + (profile == null ? "" : "," + files(routes + "/" + profile)));
        camel.addConfiguration(new TrustedServers());
        camel.addConfiguration(warehouse);
        camel.addConfiguration(new Observation());
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
