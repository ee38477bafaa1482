package contractflow.config;

import java.util.Properties;
import java.util.regex.Pattern;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.component.properties.DefaultPropertiesParser;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.component.properties.PropertiesLookup;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;

/**
 * Reads settings as they are meant, wherever they stand and whatever uses them: without the blanks around a value, and a base URL
 * without the slash at its end, since a path is appended to it.
 */
public final class SettingValues extends MainListenerSupport implements CamelConfiguration {

    /** The environment's HTTP_PROXY is not this setting, but means what it means to other programs. */
    private static final String NOT_OF_THE_ENVIRONMENT = "http.proxy";

    /** A blank may be part of a password. */
    private static final Pattern VERBATIM = Pattern.compile("camel\\..*|.*(?:password|client-secret)");

    private static final Pattern APPENDED_TO = Pattern.compile(".*base-url|netsuite\\.oauth\\.token-url");
    private static final Pattern BLANKS = Pattern.compile("^[\\s\\p{Z}\\uFEFF\\u200B]+|[\\s\\p{Z}\\uFEFF\\u200B]+$");
    private static final Pattern SLASHES = Pattern.compile("(?<!/)/+$");

    /** Before Camel reads its own settings, which are made of these. */
    @Override
    public void beforeConfigure(BaseMainSupport main) {
        if (main.getCamelContext() != null) {
            configure(main.getCamelContext());
        }
    }

    /** Where it is not Main that starts Camel, as in a test. */
    @Override
    public void configure(CamelContext camel) {
        PropertiesComponent properties = (PropertiesComponent) camel.getPropertiesComponent();
        properties.setPropertiesParser(new Parser(properties));
    }

    /** Whether blanks stay in the value of that setting. */
    public static boolean isVerbatim(String key) {
        return VERBATIM.matcher(key).matches();
    }

    /** A value as it is meant. */
    public static String plain(String key, String value) {
        if (value == null || isVerbatim(key)) {
            return value;
        }
        String plain = BLANKS.matcher(value).replaceAll("");
        return APPENDED_TO.matcher(key).matches() ? SLASHES.matcher(plain).replaceFirst("") : plain;
    }

    private static final class Parser extends DefaultPropertiesParser {

        private static final Properties NONE = new Properties();

        private final PropertiesComponent component;

        Parser(PropertiesComponent properties) {
            super(properties);
            component = properties;
        }

        @Override
        public String parseProperty(String key, String value, PropertiesLookup properties) {
            if (key == null) {
                return value;
            }
            // To Camel, the environment has the last word.
            String override = overrides().getProperty(key);
            if (override != null) {
                return plain(key, override);
            }
            return plain(key, key.equals(NOT_OF_THE_ENVIRONMENT) ? properties.lookup(key, null) : value);
        }

        private Properties overrides() {
            return component.getOverrideProperties() == null ? NONE : component.getOverrideProperties();
        }
    }
}
