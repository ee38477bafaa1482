package contractflow.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where settings, routes and statements are read from: the folder that the process is started in, and what the jar has
 * packaged of each that is not there.
 */
public final class ApplicationFiles {

    /** The location of the statements, for the routes. */
    public static final String SQL = "contractflow.sql";

    /** Names the file of the settings that a rehearsal gives its run. */
    public static final String OVERRIDES = "contractflow.overrides";

    private ApplicationFiles() {}

    /**
     * The files that settings are read from; the first that has a setting wins.
     *
     * @param profiles such as sandbox
     */
    public static String settings(List<String> profiles) {
        StringBuilder locations = new StringBuilder();
        for (String source : new String[] {"file:", "classpath:"}) {
            files(profiles)
                    .forEach(file -> locations.append(source).append(file).append(";optional=true,"));
        }
        return locations.append("classpath:contractflow/camel.properties").toString();
    }

    /**
     * The settings that a rehearsal gives its run, which win over all others; empty where this is no such run.
     *
     * @throws UncheckedIOException where its file cannot be read
     */
    public static Map<String, String> overrides() {
        String file = System.getProperty(OVERRIDES);
        return file == null ? Map.of() : read(Path.of(file));
    }

    /**
     * The settings of a profile, as its file has them: the one of this folder, or else the packaged one.
     *
     * @throws UncheckedIOException where it cannot be read
     */
    public static Map<String, String> ofProfile(String profile) {
        return read(Path.of(settingsOf(profile)));
    }

    private static Map<String, String> read(Path path) {
        Properties properties = new Properties();
        try (InputStream file = Files.exists(path)
                ? Files.newInputStream(path)
                : ApplicationFiles.class.getClassLoader().getResourceAsStream(path.toString())) {
            properties.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.stringPropertyNames().stream().collect(Collectors.toMap(key -> key, properties::getProperty));
    }

    /** The names of the files of settings, the one first that wins. */
    static List<String> files(List<String> profiles) {
        return Stream.concat(profiles.stream().map(ApplicationFiles::settingsOf), Stream.of("application.properties"))
                .toList();
    }

    /** The name of a profile's file of settings. */
    public static String settingsOf(String profile) {
        return "application-" + profile + ".properties";
    }

    /**
     * A setting as it is written, for what begins before Camel can read it.
     *
     * @param profiles such as sandbox
     * @return empty where nothing has it
     */
    static String setting(String key, List<String> profiles) {
        for (String given : new String[] {
            overrides().get(key), System.getProperty(key), System.getenv(SettingNames.environmentName(key))
        }) {
            if (given != null) {
                return given.strip();
            }
        }
        for (String location : settings(profiles).split(",")) {
            String name = location.replaceAll("^(file|classpath):|;.*", "");
            try (InputStream file = location.startsWith("file:")
                    ? Files.exists(Path.of(name)) ? Files.newInputStream(Path.of(name)) : null
                    : ApplicationFiles.class.getClassLoader().getResourceAsStream(name)) {
                Properties properties = new Properties();
                if (file != null) {
                    properties.load(file);
                }
                if (properties.containsKey(key)) {
                    return properties.getProperty(key).strip();
                }
            } catch (IOException | IllegalArgumentException unreadable) {
                // The check of all settings says so.
                return "";
            }
        }
        return "";
    }

    /** The folder of that name where there is one, else the packaged one. */
    public static String directory(String name) {
        return Files.isDirectory(Path.of(name)) ? "file:" + name : "classpath:" + name;
    }
}
