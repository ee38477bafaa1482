package contractflow.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import contractflow.config.SettingValues;
import contractflow.config.SettingsReference;
import contractflow.failure.SetupException;
import contractflow.support.TestKeys;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Settings that are missing, misspelt or of the wrong kind are all named before anything starts, and never their values. */
class SettingsTest {

    @TempDir
    private Path home;

    private final Properties settings = new Properties();

    /** Settings as the environment or the command line gives them, of which Camel leaves the blanks where they are. */
    private final Map<String, String> given = new HashMap<>();

    /** What each setting says, once the settings were accepted. */
    private final Map<String, String> values = new HashMap<>();

    private final Map<String, String> environment =
            new TreeMap<>(Map.of("HOME", "/", "PATH", "/bin", "USAGE_METER", "api_calls"));

    @BeforeEach
    void completeSettings() {
        settings.setProperty("netsuite.base-url", "https://netsuite.example");
        settings.setProperty("netsuite.token", "secret-1");
        settings.setProperty("usage.base-url", "https://usage.example");
        settings.setProperty("usage.token", "secret-2");
    }

    @Test
    void completeSettingsAreAccepted() throws Exception {
        assertThat(faults()).isEmpty();
    }

    @Test
    void missingSettingsAreNamedAllAtOnce() throws Exception {
        settings.remove("netsuite.token");
        settings.remove("usage.base-url");
        settings.setProperty("usage.token", "  ");
        settings.setProperty("batch.size", "");

        assertThat(faults())
                .containsExactly(
                        "usage.base-url is missing: set it in application.properties or as USAGE_BASE_URL",
                        "batch.size is missing: set it in application.properties or as BATCH_SIZE",
                        "netsuite.token is missing: set it in application.properties or as NETSUITE_TOKEN, or for OAuth 2.0 set"
                                + " netsuite.oauth.client-id, netsuite.oauth.certificate-id, netsuite.oauth.private-key-file",
                        "usage.token is missing: set it in application.properties or as USAGE_TOKEN, or for OAuth 2.0 set"
                                + " usage.oauth.client-id, usage.oauth.client-secret, usage.oauth.token-url");
    }

    @ParameterizedTest
    @CsvSource({
        "netsuite.base-url, secret-9",
        "netsuite.base-url, ftp://secret-9.example",
        "netsuite.base-url, HTTPS://secret-9.example",
        "netsuite.base-url, secret-9.example",
        "netsuite.base-url, //secret-9.example",
        "netsuite.base-url, https://secret-9.example#part",
        "netsuite.base-url, https://secret-9.example:70000",
        "netsuite.base-url, https://secret-9.example:",
        "netsuite.base-url, https://secret 9.example",
        "netsuite.base-url, https://",
        "netsuite.record-type, secret-9/",
        "netsuite.record-type, secret-9?x=1",
        "usage.base-url, https://someone@secret-9.example",
        "usage.meter, secret 9",
        "http.proxy, secret-9.example:3128",
        "http.proxy, http://secret-9.example",
        "netsuite.headers, secret-9",
        "netsuite.base-url, https://someone:secret-9@netsuite.example",
        "usage.base-url, https://usage.example?key=secret-9",
        "contract.workers, 0",
        "contract.workers, secret-9",
        "batch.size, 2.5",
        "netsuite.requests-per-second, 0",
        "netsuite.requests-per-second, NaN",
        "netsuite.timeout, -1s",
        "usage.timeout, soon",
        "usage.timeout, 0",
        "api.max-wait, secret-9",
        "usage.period, 2026-13",
        "usage.period, October",
        "warehouse.jdbc-url, jdbc:mysql://secret-9",
        "schedule.cron, 0 2 * * *",
        "schedule.cron, secret-9",
        "schedule.cron, 0 0 2 1 1 ? 2001",
        "schedule.time-zone, secret-9",
        "schedule.time-zone, +02:00",
        "schedule.every, secret-9",
        "run.deadline, 25:00",
        "run.max-dead-percent, secret-9",
        "server.port, 70000",
        "server.names, https://secret-9.example",
        "server.names, status.example:8080",
        "log.format, secret-9",
        "log.level, secret-9",
    })
    void settingOfTheWrongKindIsNamedWithoutItsValue(String key, String value) throws Exception {
        settings.setProperty(key, value);

        assertThat(faults())
                .singleElement()
                .asString()
                .startsWith(key + " must be ")
                .doesNotContain("secret");
    }

    @Test
    void blankAroundAnyValueIsTakenOff() throws Exception {
        Properties defaults = new Properties();
        try (Reader in = Files.newBufferedReader(Path.of("application.properties"))) {
            defaults.load(in);
        }
        defaults.values()
                .removeIf(
                        value -> value.toString().isEmpty() || value.toString().contains("{{"));
        defaults.setProperty("netsuite.base-url", "https://netsuite.example");
        defaults.setProperty("netsuite.token", "secret-1");
        defaults.setProperty("usage.base-url", "https://usage.example");
        defaults.setProperty("usage.token-file", secretFile("secret-2 \n"));
        defaults.setProperty("usage.period", "2026-10");
        defaults.setProperty("schedule.cron", "0 0 2 * * ?");
        defaults.setProperty("run.deadline", "06:00");
        defaults.setProperty("contract.workers", "7");
        defaults.setProperty("http.proxy", "http://proxy.example:3128");
        defaults.setProperty("netsuite.headers", "X-Tenant: 7");
        settings.clear();
        defaults.forEach((key, value) -> given.put((String) key, " \t" + value + " \t\u00a0 "));

        assertThat(faults()).isEmpty();

        assertThat(defaults)
                .allSatisfy((key, value) ->
                        assertThat(values.get(key)).as("%s", key).isEqualTo(value));
        assertThat(values.get("netsuite.oauth.token-url"))
                .isEqualTo("https://netsuite.example/services/rest/auth/oauth2/v1/token");
    }

    @Test
    void slashAtTheEndOfABaseUrlIsTakenOff() throws Exception {
        settings.setProperty("netsuite.base-url", "https://netsuite.example// ");
        settings.setProperty("usage.base-url", " https://usage.example/usage/");

        assertThat(faults()).isEmpty();

        assertThat(values.get("netsuite.base-url")).isEqualTo("https://netsuite.example");
        assertThat(values.get("netsuite.oauth.token-url"))
                .isEqualTo("https://netsuite.example/services/rest/auth/oauth2/v1/token");
        assertThat(values.get("usage.base-url")).isEqualTo("https://usage.example/usage");
        assertThat(SettingValues.plain("billing.base-url", "https://billing.example/ "))
                .isEqualTo("https://billing.example");
    }

    @Test
    void slashAtTheEndOfATokenUrlIsNetSuitesNever() throws Exception {
        settings.setProperty("netsuite.oauth.token-url", "https://netsuite.example/token/");
        settings.remove("usage.token");
        settings.setProperty("usage.oauth.client-id", "client-1");
        settings.setProperty("usage.oauth.client-secret", "secret-3");
        settings.setProperty("usage.oauth.token-url", "https://usage.example/token/ ");

        assertThat(faults()).isEmpty();

        assertThat(values.get("netsuite.oauth.token-url")).isEqualTo("https://netsuite.example/token");
        // Nothing is appended to it, and there are servers whose endpoint ends so.
        assertThat(values.get("usage.oauth.token-url")).isEqualTo("https://usage.example/token/");
    }

    @Test
    void pathThatIsAppendedIsNotPartOfABaseUrl() throws Exception {
        settings.setProperty("netsuite.base-url", "https://netsuite.example/services/rest/");
        settings.setProperty("usage.base-url", "https://usage.example/api/v1");

        assertThat(faults())
                .containsExactly(
                        "netsuite.base-url ends with /services/rest, which is appended to it: take that off",
                        "usage.base-url ends with /api/v1, which is appended to it: take that off");
    }

    @Test
    void blankAroundAPasswordIsNamedUnlessItIsInAFile() throws Exception {
        given.put("warehouse.password", "secret-9 ");

        assertThat(faults())
                .singleElement()
                .asString()
                .startsWith("warehouse.password has a blank at its end")
                .doesNotContain("secret");

        given.clear();
        settings.setProperty("warehouse.password-file", secretFile("secret-9 \n"));
        assertThat(faults()).isEmpty();
    }

    @Test
    void proxiesOfTheEnvironmentAreNoMisspeltSettings() throws Exception {
        environment.putAll(Map.of(
                "HTTP_PROXY", "http://someone:secret-9@proxy.example:3128",
                "HTTPS_PROXY", "proxy.example:3128",
                "FTP_PROXY", "proxy.example:3128",
                "NO_PROXY", "localhost"));
        assertThat(faults()).isEmpty();

        environment.put("HTTPS_PROXY", "socks5://secret-9.example:1080");
        assertThat(faults())
                .singleElement()
                .asString()
                .startsWith("the environment variable HTTPS_PROXY must be")
                .doesNotContain("secret");
    }

    @Test
    void headersThatWouldBeCredentialsAreNamed() throws Exception {
        settings.setProperty("netsuite.headers", "Accept-Language: en-US | Authorization: Bearer secret-9");
        settings.setProperty("usage.headers", "Host: secret-9.example");

        assertThat(faults())
                .containsExactly(
                        "netsuite.headers may not have Authorization: credentials are given by the token and oauth settings alone",
                        "usage.headers may not have Host: the call sets it itself, or would go another way with it");
    }

    @Test
    void wrongKindAndMissingAreNamedTogether() throws Exception {
        settings.remove("netsuite.token");
        settings.setProperty("server.port", "http");

        assertThat(faults())
                .hasSize(2)
                .anyMatch(f -> f.startsWith("netsuite.token"))
                .anyMatch(f -> f.startsWith("server.port"));
    }

    @Test
    void twoSchedulesAreOneTooMany() throws Exception {
        settings.setProperty("schedule.cron", "0 0 2 ? * 6#3");
        assertThat(faults()).isEmpty();

        settings.setProperty("schedule.every", "24h");

        assertThat(faults()).containsExactly("schedule.cron and schedule.every are both set: leave one of them empty");
    }

    @Test
    void scheduleOfANightWithoutThatTimeIsAccepted() throws Exception {
        settings.setProperty("schedule.cron", "0 0 2 28 3 ? 2027");
        settings.setProperty("schedule.time-zone", "Europe/Berlin");

        // Until that night has gone by.
        assertThat(faults())
                .isEqualTo(
                        Instant.now().isBefore(Instant.parse("2027-03-28T01:00:00Z"))
                                ? List.of()
                                : List.of("schedule.cron must be times that have not all gone by"));
    }

    @Test
    void misspeltSettingIsNamedWithTheOneThatIsMeant() throws Exception {
        settings.setProperty("netsuite.request-per-second", "10");

        assertThat(faults())
                .containsExactly("netsuite.request-per-second in application.properties is not a setting;"
                        + " did you mean netsuite.requests-per-second?");
    }

    @Test
    void settingThatNothingUsesIsNamed() throws Exception {
        settings.setProperty("colour", "blue");

        assertThat(faults()).containsExactly("colour in application.properties is not a setting, and no route uses it");
    }

    @Test
    void misspeltEnvironmentVariableIsNamedWithTheOneThatIsMeant() throws Exception {
        environment.put("WAREHOUSE_PASWORD", "secret-9");

        assertThat(faults())
                .containsExactly(
                        "the environment variable WAREHOUSE_PASWORD is not a setting; did you mean WAREHOUSE_PASSWORD?");
    }

    @Test
    void settingOfTheUsersOwnRouteIsAccepted() throws Exception {
        write("routes/ours.camel.yaml", "uri: \"timer:ours?period={{ours.period}}&delay={{?ours.delay}}\"\n");
        settings.setProperty("ours.period", "5s");
        settings.setProperty("ours.delay", "5s");
        environment.put("OURS_PERIOD", "5s");

        assertThat(faults()).isEmpty();
    }

    @Test
    void settingOfTheUsersOwnStatementIsAccepted() throws Exception {
        write("sql/report.sql", "SELECT :#${properties:ours.title}\n");
        settings.setProperty("ours.title", "Contracts");

        assertThat(faults()).isEmpty();
    }

    @Test
    void settingOfTheUsersOwnRouteIsSuggestedAsWell() throws Exception {
        write("routes/ours.camel.yaml", "uri: \"timer:ours?period={{ours.period}}\"\n");
        settings.setProperty("ours.period", "5s");
        settings.setProperty("ours.perod", "5s");

        assertThat(faults())
                .containsExactly("ours.perod in application.properties is not a setting; did you mean ours.period?");
    }

    @Test
    void settingOfCamelItselfIsAccepted() throws Exception {
        settings.setProperty("camel.main.duration-max-seconds", "60");

        assertThat(faults()).isEmpty();
    }

    @Test
    void fileThatIsNoPropertiesFileIsNamed() throws Exception {
        write("application.properties", "usage.meter=\\u12\n");

        assertThat(catchThrowable(() -> new Settings(List.of(), home, environment).beforeConfigure(new Main())))
                .isInstanceOf(SetupException.class)
                .hasMessageContaining("application.properties cannot be read");
    }

    @Test
    void credentialsOfBothKindsAtOnceAreRefused() throws Exception {
        settings.setProperty("netsuite.oauth.certificate-id", "certificate-1");
        settings.setProperty("usage.oauth.client-secret-file", secretFile("secret-3"));

        assertThat(faults())
                .containsExactly(
                        "netsuite.token and netsuite.oauth.certificate-id are both set: keep the static token or OAuth 2.0",
                        "usage.token and usage.oauth.client-secret are both set: keep the static token or OAuth 2.0");
    }

    @Test
    void whatOauthStillNeedsIsNamed() throws Exception {
        settings.remove("netsuite.token");
        settings.setProperty("netsuite.oauth.client-id", "client-1");
        settings.remove("usage.token");
        settings.setProperty("usage.oauth.token-url", "https://usage.example/token");
        settings.setProperty("usage.oauth.client-secret-file", secretFile("secret-3"));

        assertThat(faults())
                .containsExactly(
                        "netsuite.oauth.certificate-id is missing: set it in application.properties or as NETSUITE_OAUTH_CERTIFICATE_ID",
                        "netsuite.oauth.private-key-file is missing: set it in application.properties or as"
                                + " NETSUITE_OAUTH_PRIVATE_KEY_FILE",
                        "usage.oauth.client-id is missing: set it in application.properties or as USAGE_OAUTH_CLIENT_ID");
    }

    @Test
    void everySecretMayBeGivenAsAFile() throws Exception {
        settings.remove("netsuite.token");
        settings.setProperty("netsuite.token-file", secretFile("secret-1\r\n"));
        settings.remove("usage.token");
        settings.setProperty("usage.token-file", secretFile("secret-2"));
        settings.setProperty("warehouse.password-file", secretFile("secret 3\n"));

        assertThat(faults()).isEmpty();
    }

    @Test
    void secretThatIsGivenTwiceIsNamed() throws Exception {
        settings.setProperty("netsuite.token-file", secretFile("secret-1"));
        settings.setProperty("warehouse.password", "secret-3");
        settings.setProperty("warehouse.password-file", secretFile("secret-3"));

        assertThat(faults())
                .containsExactly(
                        "netsuite.token and netsuite.token-file are both set: keep one of them",
                        "warehouse.password and warehouse.password-file are both set: keep one of them");
    }

    @Test
    void fileWithoutASecretIsNamedByItsKey() throws Exception {
        settings.remove("netsuite.token");
        settings.setProperty("netsuite.token-file", secretFile("\n"));
        settings.setProperty("warehouse.password-file", "secret-that-went-to-the-wrong-key");
        settings.setProperty("tls.ca-file", home.toString());

        assertThat(faults())
                .containsExactly(
                        "netsuite.token-file: the file is empty",
                        "warehouse.password-file: there is no such file",
                        "tls.ca-file: the file cannot be read as a text");
    }

    @ParameterizedTest
    @CsvSource({"Bearer secret-1", "secret 1", "secr\u00e9t"})
    void tokenThatNoHeaderCanCarryIsNamed(String token) throws Exception {
        settings.setProperty("netsuite.token", token);

        assertThat(faults())
                .containsExactly(
                        "netsuite.token must be the token alone, without Bearer before it and without a space in it");
    }

    @Test
    void tokenThatCouldBeGuessedIsNamed() throws Exception {
        settings.setProperty("server.names", "status.example, night.example");
        settings.setProperty("server.token-file", secretFile("secret-9\n"));
        assertThat(faults())
                .containsExactly("server.token must have 16 characters or more, such as `openssl rand -hex 16` prints");

        settings.setProperty("server.token-file", secretFile("0123456789abcdef\n"));
        assertThat(faults()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"#secret-1", "{{secret-1}}"})
    void secretThatCamelWouldTakeForSomethingElseIsNamed(String secret) throws Exception {
        settings.setProperty("warehouse.password", secret);

        assertThat(faults())
                .singleElement()
                .asString()
                .startsWith("warehouse.password ")
                .doesNotContain("secret-1");
    }

    @ParameterizedTest
    @MethodSource("unusableKeys")
    void keyThatCannotSignIsNamedWithWhatToDo(String text, String fault) throws Exception {
        withOauth(text);

        assertThat(faults()).containsExactly("netsuite.oauth.private-key-file: the file " + fault);
    }

    static Stream<Arguments> unusableKeys() throws Exception {
        byte[] key = TestKeys.rsa(2048).getPrivate().getEncoded();
        String neither =
                "has no private key that can be used: neither RSA of at least 2048 bits nor EC on the curve P-256";
        return Stream.of(
                Arguments.of("secret", "is not a PEM file: it has no line -----BEGIN PRIVATE KEY-----"),
                Arguments.of(
                        TestKeys.pem("ENCRYPTED PRIVATE KEY", key),
                        "is encrypted: openssl pkcs8 -topk8 -nocrypt -in FILE -out NEWFILE takes the passphrase off"),
                Arguments.of(
                        TestKeys.pem("RSA PRIVATE KEY", key),
                        "is not in PKCS#8: openssl pkcs8 -topk8 -nocrypt -in FILE -out NEWFILE converts it"),
                Arguments.of(
                        TestKeys.pem("CERTIFICATE", key),
                        "has no private key but something else, such as the certificate or the public key"),
                Arguments.of(TestKeys.pem("PRIVATE KEY", Arrays.copyOf(key, 300)), neither),
                Arguments.of(TestKeys.pem(TestKeys.rsa(1024)), neither),
                Arguments.of(TestKeys.pem(TestKeys.ec("secp384r1")), neither));
    }

    @Test
    void keysOfBothKindsAreAccepted() throws Exception {
        withOauth(TestKeys.pem(TestKeys.rsa(2048)));
        assertThat(faults()).isEmpty();

        withOauth(TestKeys.pem(TestKeys.ec("secp256r1")));
        assertThat(faults()).isEmpty();
    }

    @Test
    void fileOfCasWithoutACertificateIsNamed() throws Exception {
        settings.setProperty("tls.ca-file", secretFile(TestKeys.pem(TestKeys.ec("secp256r1"))));

        assertThat(faults())
                .containsExactly("tls.ca-file: the file must have one or more certificates in PEM, and nothing else");
    }

    @Test
    void camelsOwnSettingsOfTrustAreRefused() throws Exception {
        settings.setProperty("camel.ssl.trust-all-certificates", "true");

        assertThat(faults())
                .containsExactly(
                        "camel.ssl.trust-all-certificates in application.properties is not for use here: whom to trust is"
                                + " said by tls.ca-file alone");
    }

    private void withOauth(String key) throws Exception {
        settings.remove("netsuite.token");
        settings.setProperty("netsuite.oauth.client-id", "client-1");
        settings.setProperty("netsuite.oauth.certificate-id", "certificate-1");
        settings.setProperty("netsuite.oauth.private-key-file", secretFile(key));
    }

    private String secretFile(String text) throws IOException {
        return Files.writeString(Files.createTempFile(home, "secret", ""), text).toString();
    }

    /** What a start says about the settings, a line each; nothing where it goes on. */
    private List<String> faults() throws Exception {
        StringBuilder lines = new StringBuilder();
        settings.forEach(
                (key, value) -> lines.append(key).append('=').append(value).append('\n'));
        Path file = write("application.properties", lines.toString());
        Main main = new Main();
        main.setPropertyPlaceholderLocations(
                "file:" + file + ",classpath:application.properties,classpath:contractflow/camel.properties");
        main.addOverrideProperty("camel.server.enabled", "false");
        given.forEach(main::addOverrideProperty);
        main.bind("warehouse", new PGSimpleDataSource());
        main.configure().addMainListener(new SettingValues());
        main.configure().addMainListener(new Settings(List.of(), home, environment));
        try {
            main.init();
            SettingsReference.keys()
                    .forEach(key ->
                            values.put(key, main.getCamelContext().resolvePropertyPlaceholders("{{" + key + "}}")));
            return List.of();
        } catch (SetupException e) {
            return e.getMessage().lines().toList();
        } finally {
            main.stop();
        }
    }

    private Path write(String name, String text) throws IOException {
        Path file = home.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }
}
