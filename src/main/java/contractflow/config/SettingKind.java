package contractflow.config;

import contractflow.config.time.Deadline;
import contractflow.config.time.Durations;
import contractflow.config.time.Schedule;
import java.net.URI;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Locale;

/** What a setting may say. */
public enum SettingKind {
    TEXT("text", "a text"),
    BASE_URL("URL", "an address such as https://host, without user, password, query and fragment"),
    URL("URL", "an address such as https://host/path, without user, password, query and fragment"),
    SEGMENT("name", "a name of letters, digits, _, - and ."),
    COUNT("whole number from 1", "a whole number from 1"),
    LOOKUP("whole number from 1 to 1000", "a whole number from 1 to 1000"),
    HTTP_METHOD("`GET` or `POST`", "GET or POST"),
    WEBHOOK("URL", "an address such as https://host/path?key=value, without user and password, or empty"),
    EXIT_CODES("numbers from 0 to 3", "numbers from 0 to 3, separated by commas, or empty"),
    MISSING("`keep` or `mark`", "keep or mark"),
    RATE("number above 0", "a number above 0"),
    DURATION("duration", "a duration such as 30s or 15m"),
    MONTH("month", "a month such as 2026-10, or empty"),
    PERCENT("number from 0 to 100", "a number from 0 to 100"),
    DEADLINE(
            "time",
            "a time of day such as 06:00 or 06:00 Europe/Berlin, an instant such as 2026-11-24T06:00:00Z, or empty"),
    CRON("cron expression", "times in Quartz's syntax, such as 0 0 2 * * ?, or empty"),
    ZONE("time zone", "a time zone such as UTC or Europe/Berlin"),
    PORT("port", "a port from 1 to 65535"),
    NAMES("host names", "names of hosts without a port, separated by commas, or empty"),
    LOG_FORMAT("`text` or `json`", "text or json"),
    LOG_LEVEL("`INFO` or `DEBUG`", "INFO or DEBUG"),
    JDBC_URL("JDBC URL", JdbcUrl.DESCRIPTION);

    /** A query of NetSuite takes so many ids, and a page has so many rows. */
    private static final int LARGEST_LOOKUP = 1000;

    private static final int LARGEST_RATE = 1_000_000;
    private static final int LARGEST_PORT = 65535;

    /** The type in a few words, for a table. */
    public final String title;

    /** What a value must be, for the sentence that refuses one. */
    public final String description;

    SettingKind(String title, String description) {
        this.title = title;
        this.description = description;
    }

    /**
     * @param name as the reference of the settings has it, such as base-url
     * @throws IllegalArgumentException where there is none of that name
     */
    static SettingKind named(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    public boolean accepts(String value) {
        try {
            return switch (this) {
                case TEXT -> true;
                case BASE_URL -> isHttp(new URI(value)) && !value.endsWith("/");
                case URL -> isHttp(new URI(value));
                case SEGMENT -> value.matches("[A-Za-z0-9_-][A-Za-z0-9._-]*");
                case COUNT -> Integer.parseInt(value) >= 1;
                case LOOKUP -> Integer.parseInt(value) >= 1 && Integer.parseInt(value) <= LARGEST_LOOKUP;
                case WEBHOOK -> value.isEmpty() || isWebhook(new URI(value));
                case EXIT_CODES -> value.matches("|[0-3]( *, *[0-3])*");
                case MISSING -> value.equals("keep") || value.equals("mark");
                case HTTP_METHOD -> value.equals("GET") || value.equals("POST");
                case RATE -> Double.parseDouble(value) > 0 && Double.parseDouble(value) <= LARGEST_RATE;
                case DURATION -> Durations.parse(value).toMillis() > 0;
                case MONTH -> value.isEmpty() || YearMonth.parse(value).getYear() > 0;
                case PERCENT -> Double.parseDouble(value) >= 0 && Double.parseDouble(value) <= 100;
                case DEADLINE ->
                    value.isEmpty() || Deadline.next(value, ZonedDateTime.now(ZoneId.systemDefault())) != null;
                case CRON -> value.isEmpty() || Schedule.isCron(value);
                case ZONE -> ZoneId.getAvailableZoneIds().contains(value);
                case NAMES -> value.isEmpty() || value.matches("[A-Za-z0-9.-]+( *, *[A-Za-z0-9.-]+)*");
                case PORT -> Integer.parseInt(value) >= 1 && Integer.parseInt(value) <= LARGEST_PORT;
                case LOG_FORMAT -> LogSettings.FORMATS.contains(value.toLowerCase(Locale.ROOT));
                case LOG_LEVEL -> LogSettings.LEVELS.contains(value.toLowerCase(Locale.ROOT));
                case JDBC_URL -> value.isEmpty() || JdbcUrl.parse(value) != null;
            };
        } catch (Exception notOfTheKind) {
            return false;
        }
    }

    private static boolean isHttp(URI uri) {
        return isWebhook(uri) && uri.getRawQuery() == null;
    }

    private static boolean isWebhook(URI uri) {
        return uri.getHost() != null
                && uri.getRawFragment() == null
                && uri.getRawUserInfo() == null
                && (uri.getPort() == -1 && !uri.getRawAuthority().endsWith(":")
                        || PORT.accepts(String.valueOf(uri.getPort())))
                // To Camel, a scheme in capitals is a component that it does not have.
                && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()));
    }
}
