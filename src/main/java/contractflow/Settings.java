package contractflow;

import java.io.IOException;
import java.io.Reader;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Looks at the settings before anything starts, and says everything that is wrong with them at once. */
final class Settings extends MainListenerSupport {

    /** As routes write it, which may have it optional, and as statements do. */
    private static final Pattern PLACEHOLDER = Pattern.compile("(?:\\{\\{[?!]?|\\$\\{properties:)([A-Za-z0-9_.-]+)");

    /** A key that differs from a known one by no more letters than this is taken for a misspelling of it. */
    private static final int MISSPELLING = 3;

    /** What a setting may say. */
    private enum Kind {
        TEXT("a text"),
        BASE_URL("an address such as https://host, without user, password, query and fragment"),
        URL("an address such as https://host/path, without user, password, query and fragment"),
        SEGMENT("a name of letters, digits, _, - and ."),
        COUNT("a whole number from 1"),
        RATE("a number above 0"),
        DURATION("a duration such as 30s or 15m"),
        MONTH("a month such as 2026-10, or empty"),
        PERCENT("a number from 0 to 100"),
        DEADLINE("a time of day such as 06:00 or 06:00 Europe/Berlin, an instant such as 2026-11-24T06:00:00Z, or empty"),
        CRON("times in Quartz's syntax, such as 0 0 2 * * ?, or empty"),
        ZONE("a time zone such as UTC or Europe/Berlin"),
        PORT("a port from 1 to 65535"),
        NAMES("names of hosts without a port, separated by commas, or empty"),
        LOG_FORMAT("text or json"),
        LOG_LEVEL("INFO or DEBUG"),
        JDBC_URL(JdbcUrl.DESCRIPTION);

        private final String description;

        Kind(String description) {
            this.description = description;
        }

        boolean accepts(String value) {
            try {
                return switch (this) {
                    case TEXT -> true;
                    case BASE_URL -> isHttp(new URI(value)) && !value.endsWith("/");
                    case URL -> isHttp(new URI(value));
                    case SEGMENT -> value.matches("[A-Za-z0-9_-][A-Za-z0-9._-]*");
                    case COUNT -> Integer.parseInt(value) >= 1;
                    case RATE -> Double.parseDouble(value) > 0 && Double.parseDouble(value) <= 1_000_000;
                    case DURATION -> Durations.parse(value).toMillis() > 0;
                    case MONTH -> value.isEmpty() || YearMonth.parse(value).getYear() > 0;
                    case PERCENT -> Double.parseDouble(value) >= 0 && Double.parseDouble(value) <= 100;
                    case DEADLINE -> value.isEmpty() || Deadline.next(value, ZonedDateTime.now()) != null;
                    case CRON -> value.isEmpty() || Schedule.isCron(value);
                    case ZONE -> ZoneId.getAvailableZoneIds().contains(value);
                    case NAMES -> value.isEmpty() || value.matches("[A-Za-z0-9.-]+( *, *[A-Za-z0-9.-]+)*");
                    case PORT -> Integer.parseInt(value) >= 1 && Integer.parseInt(value) <= 65535;
                    case LOG_FORMAT -> LogSettings.FORMATS.contains(value.toLowerCase(Locale.ROOT));
                    case LOG_LEVEL -> LogSettings.LEVELS.contains(value.toLowerCase(Locale.ROOT));
                    case JDBC_URL -> value.isEmpty() || JdbcUrl.parse(value) != null;
                };
            } catch (Exception notOfTheKind) {
                return false;
            }
        }

        private static boolean isHttp(URI uri) {
            return uri.getHost() != null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && uri.getRawUserInfo() == null
                    && (uri.getPort() == -1 && !uri.getRawAuthority().endsWith(":") || Kind.PORT.accepts(String.valueOf(uri.getPort())))
                    // To Camel, a scheme in capitals is a component that it does not have.
                    && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()));
        }
    }

    private record Setting(Kind kind, boolean required) {}

    private static final Map<String, Setting> KNOWN = new LinkedHashMap<>();

    static {
        required("feed.directory", Kind.TEXT);
        required("feed.settle-time", Kind.DURATION);
        required("feed.max-shrink-percent", Kind.PERCENT);
        optional("schedule.cron", Kind.CRON);
        required("schedule.time-zone", Kind.ZONE);
        optional("schedule.every", Kind.DURATION);
        optional("contract.workers", Kind.COUNT);
        required("netsuite.base-url", Kind.BASE_URL);
        required("netsuite.record-type", Kind.SEGMENT);
        optional("netsuite.oauth.client-id", Kind.TEXT);
        optional("netsuite.oauth.certificate-id", Kind.TEXT);
        optional("netsuite.oauth.private-key-file", Kind.TEXT);
        required("netsuite.oauth.scope", Kind.TEXT);
        required("netsuite.oauth.token-url", Kind.URL);
        optional("netsuite.token", Kind.TEXT);
        optional("netsuite.token-file", Kind.TEXT);
        required("netsuite.concurrency", Kind.COUNT);
        required("netsuite.requests-per-second", Kind.RATE);
        required("netsuite.timeout", Kind.DURATION);
        optional("netsuite.headers", Kind.TEXT);
        required("usage.base-url", Kind.BASE_URL);
        optional("usage.token", Kind.TEXT);
        optional("usage.token-file", Kind.TEXT);
        optional("usage.oauth.client-id", Kind.TEXT);
        optional("usage.oauth.client-secret", Kind.TEXT);
        optional("usage.oauth.client-secret-file", Kind.TEXT);
        optional("usage.oauth.scope", Kind.TEXT);
        optional("usage.oauth.token-url", Kind.URL);
        required("usage.meter", Kind.SEGMENT);
        optional("usage.period", Kind.MONTH);
        required("usage.concurrency", Kind.COUNT);
        required("usage.requests-per-second", Kind.RATE);
        required("usage.timeout", Kind.DURATION);
        optional("usage.headers", Kind.TEXT);
        optional("http.proxy", Kind.TEXT);
        optional("http.proxy-password", Kind.TEXT);
        optional("http.proxy-password-file", Kind.TEXT);
        optional("tls.ca-file", Kind.TEXT);
        required("api.max-attempts", Kind.COUNT);
        required("api.max-wait", Kind.DURATION);
        optional("warehouse.jdbc-url", Kind.JDBC_URL);
        optional("warehouse.username", Kind.TEXT);
        optional("warehouse.password", Kind.TEXT);
        optional("warehouse.password-file", Kind.TEXT);
        required("batch.size", Kind.COUNT);
        required("run.max-dead-percent", Kind.PERCENT);
        required("run.max-dead-min-rows", Kind.COUNT);
        optional("run.deadline", Kind.DEADLINE);
        required("report.directory", Kind.TEXT);
        required("run.history-days", Kind.COUNT);
        required("server.host", Kind.TEXT);
        required("server.port", Kind.PORT);
        optional("server.names", Kind.NAMES);
        optional("server.token", Kind.TEXT);
        optional("server.token-file", Kind.TEXT);
        required("log.format", Kind.LOG_FORMAT);
        required("log.level", Kind.LOG_LEVEL);
    }

    private static void required(String key, Kind kind) {
        KNOWN.put(key, new Setting(kind, true));
    }

    private static void optional(String key, Kind kind) {
        KNOWN.put(key, new Setting(kind, false));
    }

    private final List<String> profiles;
    private final Path home;
    private final Map<String, String> environment;

    /**
     * @param profiles such as sandbox
     */
    Settings(List<String> profiles) {
        this(profiles, Path.of(""), System.getenv());
    }

    /**
     * @param home the folder that the process is started in
     * @param environment its variables
     */
    Settings(List<String> profiles, Path home, Map<String, String> environment) {
        this.profiles = profiles;
        this.home = home;
        this.environment = environment;
    }

    /** Every key that the product itself knows. */
    static Set<String> keys() {
        return KNOWN.keySet();
    }

    @Override
    public void beforeConfigure(BaseMainSupport main) {
        List<String> faults = new ArrayList<>();
        unknown(faults);
        Map<String, String> values = new HashMap<>();
        KNOWN.keySet().forEach(key -> values.put(key, value(key, main.getCamelContext(), faults)));
        KNOWN.forEach((key, setting) -> check(key, setting, values.get(key), faults));
        if (!KNOWN.get("netsuite.base-url").kind.accepts(values.get("netsuite.base-url"))) {
            // What is derived from it is not a fault of its own.
            faults.removeIf(fault -> fault.startsWith("netsuite.oauth.token-url"));
        }
        appended("netsuite.base-url", "/services/rest", values, faults);
        appended("usage.base-url", "/api/v1", values, faults);
        faults.addAll(new CredentialSettings(values::get, environment::get).faults());
        if (!values.get("schedule.cron").isEmpty() && !values.get("schedule.every").isEmpty()) {
            faults.add("schedule.cron and schedule.every are both set: leave one of them empty");
        }
        neverDue(values.get("schedule.cron"), values.get("schedule.time-zone"), faults);
        if (faults.isEmpty() && main.getCamelContext().resolvePropertyPlaceholders("{{camel.server.enabled}}").equals("true")) {
            portInUse(values.get("server.host"), values.get("server.port"), faults);
        }
        if (!faults.isEmpty()) {
            throw new SetupException(String.join(System.lineSeparator(), faults));
        }
    }

    private static String value(String key, CamelContext camel, List<String> faults) {
        try {
            return camel.resolvePropertyPlaceholders("{{" + key + "}}");
        } catch (IllegalArgumentException e) {
            // Its message has the value.
            faults.add(key + " has {{ }} around something that is no setting");
            return "";
        }
    }

    private static void check(String key, Setting setting, String value, List<String> faults) {
        if (value.isEmpty()) {
            if (setting.required) {
                faults.add(missing(key));
            }
        } else if (SettingValues.isVerbatim(key) && !value.equals(value.strip())) {
            faults.add(key + " has a blank at its end or its beginning: take it off or, where it belongs there, put the value into a file"
                    + " and name that in " + key + "-file");
        } else if (!setting.kind.accepts(value)) {
            // A value may be a secret that went to the wrong key, so it is not shown.
            faults.add(key + " must be " + setting.kind.description);
        }
    }

    /** A path that routes append would be there twice. */
    private static void appended(String key, String path, Map<String, String> values, List<String> faults) {
        if (values.get(key).endsWith(path)) {
            faults.add(key + " ends with " + path + ", which is appended to it: take that off");
        }
    }

    static String missing(String key) {
        return key + " is missing: set it in application.properties or as " + environmentName(key);
    }

    /** Whether a time has gone by depends on the zone. */
    private static void neverDue(String cron, String timeZone, List<String> faults) {
        if (cron.isEmpty() || !Kind.CRON.accepts(cron) || !Kind.ZONE.accepts(timeZone)) {
            return;
        }
        if (Schedule.nextAfter(cron, ZoneId.of(timeZone), Instant.now()) == null) {
            faults.add("schedule.cron must be times that have not all gone by");
        }
    }

    /** The server itself would go on without its port. */
    private static void portInUse(String host, String port, List<String> faults) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(host, Integer.parseInt(port)));
        } catch (IOException e) {
            faults.add("server.port: cannot listen on " + host + ":" + port + ": " + e.getMessage());
        }
    }

    private void unknown(List<String> faults) {
        Set<String> known = new TreeSet<>(KNOWN.keySet());
        known.addAll(usedByRoutes());
        for (String file : Home.files(profiles)) {
            for (String key : keysOf(home.resolve(file))) {
                if (key.startsWith("camel.ssl.")) {
                    faults.add(key + " in " + file + " is not for use here: whom to trust is said by tls.ca-file alone");
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
                        .map(near -> "the environment variable " + name + " is not a setting; did you mean " + near + "?")
                        .ifPresent(faults::add);
            }
        }
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

    static String environmentName(String key) {
        return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
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

    /** Settings that a user's own routes and statements have brought with them. */
    private Set<String> usedByRoutes() {
        Set<String> keys = new TreeSet<>();
        keys.addAll(placeholders("routes", ".camel.yaml"));
        keys.addAll(placeholders("sql", ".sql"));
        return keys;
    }

    private Set<String> placeholders(String name, String suffix) {
        Set<String> keys = new TreeSet<>();
        Path folder = home.resolve(name);
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : (Iterable<Path>) files.filter(f -> f.toString().endsWith(suffix))::iterator) {
                    Matcher placeholder = PLACEHOLDER.matcher(Files.readString(file));
                    while (placeholder.find()) {
                        keys.add(placeholder.group(1));
                    }
                }
            } catch (IOException e) {
                throw new SetupException(name + " cannot be read: " + e.getMessage(), e);
            }
        }
        return keys;
    }
}
