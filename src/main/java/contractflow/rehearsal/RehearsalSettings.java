package contractflow.rehearsal;

import contractflow.config.ApplicationFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a rehearsal sets for the simulated APIs and for its runs; everything else is as the user has it. */
public final class RehearsalSettings {

    /** Its file has what is the same in each rehearsal. */
    private static final String PROFILE = "rehearsal";

    /** Those that bring the simulated APIs into a run, or change its routes. */
    private static final Set<String> LEFT_OUT = Set.of("sandbox", "dev");

    private final List<String> profiles;
    private final Path folder = Path.of("data", "rehearsal").toAbsolutePath();
    private final Map<String, String> fixed;
    private final int port;

    /**
     * @param profiles of the user
     * @throws IOException where there is no free port
     */
    public RehearsalSettings(List<String> profiles) throws IOException {
        this.profiles =
                profiles.stream().filter(name -> !LEFT_OUT.contains(name)).toList();
        fixed = ApplicationFiles.ofProfile(PROFILE);
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
    }

    /** Those of the user that a run has. */
    public List<String> profiles() {
        return profiles;
    }

    /** Where a rehearsal has its databases, its feeds, its reports and its logs. */
    public Path folder() {
        return folder;
    }

    /** The settings of the process that has the simulated APIs. */
    public Map<String, String> forApis() {
        Map<String, String> settings = new HashMap<>(fixed);
        settings.putAll(addresses());
        settings.put("server.host", "127.0.0.1");
        settings.put("server.port", String.valueOf(port));
        settings.put("warehouse.jdbc-url", "");
        settings.put("contractflow.sandbox-concurrency", "10000");
        settings.put("contractflow.sandbox-netsuite-millis", "300");
        settings.put("contractflow.sandbox-usage-millis", "100,200");
        return settings;
    }

    private Map<String, String> addresses() {
        String address = "http://127.0.0.1:" + port;
        return Map.of(
                "netsuite.base-url",
                address + "/netsuite",
                "usage.base-url",
                address + "/usage",
                "netsuite.oauth.private-key-file",
                folder.resolve("sandbox-key.pem").toString());
    }

    /**
     * The settings of a run, which win over the user's.
     *
     * @param databaseUrl of the database that it loads into
     * @param night that its calls name
     */
    Map<String, String> forRun(String databaseUrl, String night, RehearsalLimits limits) {
        Path home = folder.resolve(night);
        Map<String, String> settings = new HashMap<>(fixed);
        settings.putAll(addresses());
        settings.put("warehouse.jdbc-url", databaseUrl);
        settings.put("feed.directory", home.resolve("feeds").toString());
        settings.put("report.directory", home.resolve("reports").toString());
        settings.put("netsuite.contracts-per-call", String.valueOf(limits.contractsPerCall()));
        settings.put("usage.customers-per-call", String.valueOf(limits.customersPerCall()));
        settings.put("netsuite.headers", RehearsedCalls.NIGHT + ": " + night);
        settings.put("usage.headers", RehearsedCalls.NIGHT + ": " + night);
        return settings;
    }
}
