package contractflow.process;

import contractflow.config.SettingKind;
import contractflow.config.SettingNames;
import contractflow.config.SettingValues;
import contractflow.config.SettingsReference;
import contractflow.config.time.Schedule;
import contractflow.failure.SetupException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;

/** Looks at the settings before anything starts, and says everything that is wrong with them at once. */
public final class Settings extends MainListenerSupport {

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
    public Settings(List<String> profiles, Path home, Map<String, String> environment) {
        this.profiles = profiles;
        this.home = home;
        this.environment = environment;
    }

    @Override
    public void beforeConfigure(BaseMainSupport main) {
        CamelContext camel = main.getCamelContext();
        List<String> faults = faults(camel);
        if (faults.isEmpty()
                && camel.resolvePropertyPlaceholders("{{camel.server.enabled}}").equals("true")) {
            portInUse(value("server.host", camel, faults), value("server.port", camel, faults), faults);
        }
        if (!faults.isEmpty()) {
            throw new SetupException(String.join(System.lineSeparator(), faults));
        }
    }

    /**
     * What is wrong with the settings, but for what is in use by another process.
     *
     * @return a line each, without any value
     * @throws SetupException where a file of them cannot be read
     */
    public List<String> faults(CamelContext camel) {
        List<String> faults = new SettingNames(profiles, home, environment).faults();
        Map<String, String> values = new HashMap<>();
        SettingsReference.keys().forEach(key -> values.put(key, value(key, camel, faults)));
        SettingsReference.settings().values().forEach(setting -> check(setting, values.get(setting.name()), faults));
        if (!SettingKind.BASE_URL.accepts(values.get("netsuite.base-url"))) {
            // What is derived from it is not a fault of its own.
            faults.removeIf(fault -> fault.startsWith("netsuite.oauth.token-url"));
        }
        appended("netsuite.base-url", "/services/rest", values, faults);
        appended("usage.base-url", "/api/v1", values, faults);
        faults.addAll(new CredentialSettings(values::get, environment::get).faults());
        if (!values.get("schedule.cron").isEmpty()
                && !values.get("schedule.every").isEmpty()) {
            faults.add("schedule.cron and schedule.every are both set: leave one of them empty");
        }
        neverDue(values.get("schedule.cron"), values.get("schedule.time-zone"), faults);
        return faults;
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

    private static void check(SettingsReference.Setting setting, String value, List<String> faults) {
        String key = setting.name();
        if (value.isEmpty()) {
            if (setting.required()) {
                faults.add(SettingNames.missing(key));
            }
        } else if (SettingValues.isVerbatim(key) && !value.equals(value.strip())) {
            faults.add(key
                    + " has a blank at its end or its beginning: take it off or, where it belongs there, put the value into a file"
                    + " and name that in " + key + "-file");
        } else if (!setting.kind().accepts(value)) {
            // A value may be a secret that went to the wrong key, so it is not shown.
            faults.add(key + " must be " + setting.kind().description);
        }
    }

    /** A path that routes append would be there twice. */
    private static void appended(String key, String path, Map<String, String> values, List<String> faults) {
        if (values.get(key).endsWith(path)) {
            faults.add(key + " ends with " + path + ", which is appended to it: take that off");
        }
    }

    /** Whether a time has gone by depends on the zone. */
    private static void neverDue(String cron, String timeZone, List<String> faults) {
        if (cron.isEmpty() || !SettingKind.CRON.accepts(cron) || !SettingKind.ZONE.accepts(timeZone)) {
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
}
