package contractflow.api.http;

import contractflow.config.Secret;
import contractflow.failure.SetupException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.net.PercentCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which calls go through a proxy: all of them through that of {@code http.proxy} or, where it is empty, those that {@code HTTPS_PROXY},
 * {@code HTTP_PROXY} and {@code NO_PROXY} of the environment name, read as curl reads them.
 */
public final class HttpProxies {

    private static final Logger LOG = LoggerFactory.getLogger(HttpProxies.class);

    private static final String SETTING = "http.proxy";
    private static final String PASSWORD = "http.proxy-password";

    private static final Pattern URL = Pattern.compile(
            "(?i)(?:(http)://)?(?:(?<user>.*)@)?(?<host>\\[[0-9a-f:.]+]|[a-z0-9._-]+):(?<port>\\d{1,5})/?");
    private static final int LARGEST_PORT = 65535;

    private final Proxy forHttp;
    private final Proxy forHttps;
    private final NoProxy direct;

    /**
     * A proxy.
     *
     * @param user null where it asks for none
     * @param password of the user
     * @param source the setting or the variable that names it
     */
    record Proxy(HttpHost host, String user, String password, String source) {

        /** The value of the header {@code Proxy-Authorization}; empty where the proxy asks for none. */
        String authorization() {
            String pair = user + ":" + password;
            return user == null
                    ? ""
                    : "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        }

        private Proxy with(String anotherPassword) {
            return user == null || password != null ? this : new Proxy(host, user, anotherPassword, source);
        }

        /** Without the user and the password. */
        @Override
        public String toString() {
            return "http://" + (user == null ? "" : "***@") + host.toHostString() + " of " + source;
        }
    }

    private HttpProxies(Proxy forHttp, Proxy forHttps, NoProxy direct) {
        this.forHttp = forHttp;
        this.forHttps = forHttps;
        this.direct = direct;
    }

    /**
     * Those of the settings and of the environment.
     *
     * @throws SetupException where a proxy or its password is not usable; it names the setting, and no value
     */
    static HttpProxies of(CamelContext camel) {
        String password = camel.resolvePropertyPlaceholders("{{http.proxy-password}}");
        String file = camel.resolvePropertyPlaceholders("{{http.proxy-password-file}}");
        return of(
                camel.resolvePropertyPlaceholders("{{http.proxy}}"),
                Secret.read(PASSWORD, password, file),
                System::getenv);
    }

    /**
     * @param setting the proxy of the settings; empty for none
     * @param password empty for none
     * @param environment its variables by their names; null for one that is not there
     * @throws SetupException where a proxy or its password is not usable
     */
    public static HttpProxies of(String setting, String password, UnaryOperator<String> environment) {
        HttpProxies proxies = setting.isEmpty() ? ofEnvironment(environment) : ofSetting(setting);
        if (!password.isEmpty() && Stream.of(proxies.forHttp, proxies.forHttps).noneMatch(HttpProxies::lacksPassword)) {
            throw new SetupException(PASSWORD + " is set, but no proxy has a user without a password: see " + SETTING);
        }
        if (password.isEmpty() && !setting.isEmpty() && lacksPassword(proxies.forHttp)) {
            throw new SetupException(SETTING + " has a user, so set " + PASSWORD + " or " + PASSWORD + "-file");
        }
        return new HttpProxies(with(password, proxies.forHttp), with(password, proxies.forHttps), proxies.direct);
    }

    private static boolean lacksPassword(Proxy proxy) {
        return proxy != null && proxy.user != null && proxy.password == null;
    }

    private static Proxy with(String password, Proxy proxy) {
        return proxy == null ? null : proxy.with(password);
    }

    private static HttpProxies ofSetting(String setting) {
        Proxy proxy = proxy(SETTING, setting);
        if (proxy == null || !setting.startsWith("http://")) {
            throw new SetupException(SETTING + " must be http://[user@]host:port, or empty");
        }
        if (proxy.password != null) {
            throw new SetupException(SETTING + " has a password in it: put that into " + PASSWORD
                    + ", or into a file that " + PASSWORD + "-file names");
        }
        return new HttpProxies(proxy, proxy, new NoProxy(""));
    }

    private static HttpProxies ofEnvironment(UnaryOperator<String> environment) {
        NoProxy direct = new NoProxy(variable("no_proxy", environment));
        return direct.isForAll()
                ? new HttpProxies(null, null, direct)
                : new HttpProxies(
                        ofVariable("http_proxy", environment), ofVariable("https_proxy", environment), direct);
    }

    private static Proxy ofVariable(String name, UnaryOperator<String> environment) {
        String value = variable(name, environment);
        if (value.isEmpty()) {
            return null;
        }
        String upper = name.toUpperCase(Locale.ROOT);
        Proxy proxy = proxy(upper, value);
        if (proxy == null) {
            throw new SetupException(
                    "the environment variable " + upper + " must be http://[user[:password]@]host:port; another kind of"
                            + " proxy is not supported, and NO_PROXY=* has none used");
        }
        return proxy;
    }

    /** In lower case or in capitals; an empty one is as good as none. */
    private static String variable(String name, UnaryOperator<String> environment) {
        return Stream.of(name, name.toUpperCase(Locale.ROOT))
                .map(environment)
                .filter(value -> value != null && !value.isBlank())
                .findFirst()
                .orElse("")
                .strip();
    }

    /** Null where the text names none. */
    private static Proxy proxy(String source, String text) {
        Matcher url = URL.matcher(text);
        if (!url.matches()
                || Integer.parseInt(url.group("port")) < 1
                || Integer.parseInt(url.group("port")) > LARGEST_PORT) {
            return null;
        }
        HttpHost host =
                new HttpHost("http", url.group("host").replaceAll("[\\[\\]]", ""), Integer.parseInt(url.group("port")));
        String userInfo = url.group("user");
        if (userInfo == null || userInfo.isEmpty()) {
            return new Proxy(host, null, null, source);
        }
        int colon = userInfo.indexOf(':');
        String user = colon < 0 ? userInfo : userInfo.substring(0, colon);
        return new Proxy(host, decode(user), colon < 0 ? null : decode(userInfo.substring(colon + 1)), source);
    }

    private static String decode(String text) {
        return PercentCodec.decode(text, StandardCharsets.UTF_8);
    }

    /** The proxy through which a server is called; null where it is called directly. */
    Proxy of(HttpHost target) {
        boolean secure = "https".equalsIgnoreCase(target.getSchemeName());
        int port = target.getPort() > 0 ? target.getPort() : secure ? 443 : 80;
        return direct.contains(target.getHostName(), port) ? null : secure ? forHttps : forHttp;
    }

    /** Which calls of the settings go through which proxy, in a line, such as "netsuite and usage through …"; empty where none does. */
    public static String describe(CamelContext camel) {
        HttpProxies proxies = of(camel);
        Map<String, Set<String>> byWay = new LinkedHashMap<>();
        for (String key :
                new String[] {"netsuite.base-url", "netsuite.oauth.token-url", "usage.base-url", "usage.oauth.token-url"
                }) {
            String url = camel.resolvePropertyPlaceholders("{{" + key + "}}");
            if (!url.isEmpty()) {
                Proxy proxy = proxies.of(HttpHost.create(URI.create(url)));
                byWay.computeIfAbsent(
                                proxy == null ? "directly" : "through the proxy " + proxy, way -> new LinkedHashSet<>())
                        .add(key.substring(0, key.indexOf('.')));
            }
        }
        return byWay.keySet().equals(Set.of("directly"))
                ? ""
                : byWay.entrySet().stream()
                        .map(way -> String.join(" and ", way.getValue()) + " " + way.getKey())
                        .collect(Collectors.joining(", "));
    }

    /** Says at a start which proxies are used, where there are some. */
    public static void log(CamelContext camel) {
        String proxies = describe(camel);
        if (!proxies.isEmpty()) {
            LOG.info("Calls: {}", proxies);
        }
    }

    /** What must be in no text that is kept or shown. */
    Set<String> secrets() {
        Set<String> secrets = new LinkedHashSet<>();
        Stream.of(forHttp, forHttps)
                .filter(proxy -> proxy != null && proxy.user != null)
                .forEach(proxy -> {
                    secrets.add(proxy.authorization().substring("Basic ".length()));
                    secrets.add(proxy.password);
                });
        return secrets;
    }
}
