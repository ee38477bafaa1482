package contractflow.process;

import contractflow.api.http.ExtraHeaders;
import contractflow.api.http.HttpProxies;
import contractflow.api.oauth.AccessToken;
import contractflow.api.oauth.ClientAssertion;
import contractflow.config.Secret;
import contractflow.config.SettingNames;
import contractflow.config.SettingsReference;
import contractflow.config.TrustedServers;
import contractflow.failure.SetupException;
import contractflow.page.PageAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** What the settings of calls, credentials and trust must say together, and the files that they name must hold. */
final class CredentialSettings {

    private static final List<String> NETSUITE_OAUTH =
            List.of("netsuite.oauth.client-id", "netsuite.oauth.certificate-id", "netsuite.oauth.private-key-file");
    private static final List<String> USAGE_OAUTH =
            List.of("usage.oauth.client-id", "usage.oauth.client-secret", "usage.oauth.token-url");

    private final UnaryOperator<String> values;
    private final UnaryOperator<String> environment;
    private final List<String> faults = new ArrayList<>();

    /**
     * @param values of the settings by their keys; empty where there is none
     * @param environment the variables by their names; null where there is none
     */
    CredentialSettings(UnaryOperator<String> values, UnaryOperator<String> environment) {
        this.values = values;
        this.environment = environment;
    }

    /** What is wrong, a line each, without any value. */
    List<String> faults() {
        oneWay("netsuite.token", NETSUITE_OAUTH);
        oneWay("usage.token", USAGE_OAUTH);
        token("netsuite.token");
        token("usage.token");
        token("server.token");
        shortest("server.token");
        secret("usage.oauth.client-secret");
        secret("warehouse.password");
        secret("alert.url");
        secret("alert.heartbeat-url");
        String proxyPassword = secret("http.proxy-password");
        usable("", () -> HttpProxies.of(value("http.proxy"), proxyPassword, environment));
        usable("netsuite.headers ", () -> ExtraHeaders.parse(value("netsuite.headers")));
        usable("usage.headers ", () -> ExtraHeaders.parse(value("usage.headers")));
        file("netsuite.oauth.private-key-file", path -> ClientAssertion.key("netsuite.oauth.private-key", path));
        file("tls.ca-file", TrustedServers::certificates);
        return faults;
    }

    private String value(String key) {
        return values.apply(key);
    }

    private boolean isSet(String key) {
        return !value(key).isEmpty() || isSecret(key) && !value(key + "-file").isEmpty();
    }

    private static boolean isSecret(String key) {
        return SettingsReference.keys().contains(key + "-file");
    }

    /** Either a static token, or all that OAuth 2.0 needs. */
    private void oneWay(String token, List<String> oauth) {
        List<String> set = oauth.stream().filter(this::isSet).toList();
        if (isSet(token) && !set.isEmpty()) {
            faults.add(token + " and " + set.get(0) + " are both set: keep the static token or OAuth 2.0");
        } else if (!isSet(token) && set.isEmpty()) {
            faults.add(SettingNames.missing(token) + ", or for OAuth 2.0 set " + String.join(", ", oauth));
        } else if (!isSet(token)) {
            oauth.stream().filter(key -> !isSet(key)).map(SettingNames::missing).forEach(faults::add);
        }
    }

    /** A token that can be guessed is none. */
    private void shortest(String key) {
        int length = secret(key).strip().length();
        if (length > 0 && length < PageAccess.SHORTEST_TOKEN) {
            faults.add(key + " must have " + PageAccess.SHORTEST_TOKEN
                    + " characters or more, such as `openssl rand -hex 16` prints");
        }
    }

    private void token(String key) {
        String token = secret(key).strip();
        if (!token.isEmpty() && !AccessToken.isSendable(token)) {
            faults.add(key + " must be the token alone, without Bearer before it and without a space in it");
        }
    }

    private String secret(String key) {
        try {
            String value = value(key);
            if (value.startsWith("#")) {
                faults.add(key + " begins with #, which would be taken for a name: put it into a file and name that in "
                        + key + "-file");
            }
            return Secret.read(key, value, value(key + "-file"));
        } catch (SetupException e) {
            faults.add(e.getMessage());
            return "";
        }
    }

    private void file(String key, Consumer<String> reader) {
        if (!value(key).isEmpty()) {
            usable("", () -> reader.accept(value(key)));
        }
    }

    private void usable(String named, Runnable reader) {
        try {
            reader.run();
        } catch (SetupException e) {
            faults.add(named + e.getMessage());
        }
    }
}
