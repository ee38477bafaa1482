package contractflow.config;

import static org.assertj.core.api.Assertions.assertThat;

import contractflow.support.TestKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Properties;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The CAs of the settings are trusted besides those of the Java runtime, not in their place. */
class TrustedServersTest {

    @TempDir
    private Path folder;

    @Test
    void casOfTheRuntimeAreTrusted() throws Exception {
        assertThat(trusted("").getAcceptedIssuers())
                .isNotEmpty()
                .containsExactlyInAnyOrder(runtime().getAcceptedIssuers());
    }

    @Test
    void casOfTheFileAreTrustedAsWell() throws Exception {
        TestKeys.Ca one = new TestKeys.Ca();
        TestKeys.Ca other = new TestKeys.Ca();
        Path file = Files.writeString(
                folder.resolve("cas.pem"),
                "of the tests\n" + TestKeys.pem(one.certificate()) + "\n" + TestKeys.pem(other.certificate()));

        assertThat(trusted(file.toString()).getAcceptedIssuers())
                .contains(runtime().getAcceptedIssuers())
                .contains(one.certificate(), other.certificate());
    }

    private static X509TrustManager trusted(String file) throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            Properties properties = new Properties();
            properties.setProperty("tls.ca-file", file);
            camel.getPropertiesComponent().setInitialProperties(properties);
            new TrustedServers().configure(camel);
            return (X509TrustManager)
                    camel.getSSLContextParameters().getTrustManagers().createTrustManagers()[0];
        }
    }

    private static X509TrustManager runtime() throws Exception {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        return (X509TrustManager) List.of(factory.getTrustManagers()).get(0);
    }
}
