package contractflow.warehouse;

import contractflow.config.TrustedServers;
import contractflow.failure.SetupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.ssl.WrappedFactory;

/**
 * Accepts the database's certificate as those of other servers are accepted, where {@code sslmode} has it verified: by a CA of the
 * Java runtime or of {@code tls.ca-file}. The driver alone knows none but those of {@code sslrootcert}. The name is the driver's to
 * verify.
 */
public final class WarehouseSocketFactory extends WrappedFactory {

    /** Where the driver and psql look for CAs, and for the client's certificate, where nothing else is said. */
    private static final Path DEFAULTS =
            System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("windows")
                    ? Path.of(String.valueOf(System.getenv("APPDATA")), "postgresql")
                    : Path.of(System.getProperty("user.home"), ".postgresql");

    /**
     * @param connection the driver's, with the file of more CAs as {@code sslfactoryarg}
     */
    public WarehouseSocketFactory(Properties connection) throws GeneralSecurityException, IOException {
        List<Certificate> more = new ArrayList<>();
        String file = PGProperty.SSL_FACTORY_ARG.getOrDefault(connection);
        if (file != null && !file.isBlank()) {
            more.addAll(TrustedServers.certificates(file));
        }
        Path usual = DEFAULTS.resolve("root.crt");
        if (Files.isReadable(usual)) {
            more.addAll(TrustedServers.certificates(usual.toString()));
        }
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, new TrustManager[] {TrustedServers.trusting(more)}, null);
        factory = tls.getSocketFactory();
    }

    /**
     * What the driver has to know besides the URL. One that names its own CAs or factory is left as it is; where the client has a
     * certificate of its own, the driver's factory has to stay, which takes the CAs of one file alone.
     *
     * @param caFile {@code tls.ca-file}, empty where there is none
     * @throws SetupException where that file has no certificates
     */
    static Properties properties(String url, String caFile) {
        Properties properties = new Properties();
        Properties said = Driver.parseURL(url, null);
        if (said == null
                || !String.valueOf(PGProperty.SSL_MODE.getOrDefault(said)).startsWith("verify-")
                || said.containsKey(PGProperty.SSL_ROOT_CERT.getName())
                || said.containsKey(PGProperty.SSL_FACTORY.getName())) {
            return properties;
        }
        if (!caFile.isBlank()) {
            TrustedServers.certificates(caFile);
        }
        if (!hasClientCertificate(said)) {
            properties.setProperty(PGProperty.SSL_FACTORY.getName(), WarehouseSocketFactory.class.getName());
            properties.setProperty(PGProperty.SSL_FACTORY_ARG.getName(), caFile);
        } else if (!caFile.isBlank()) {
            properties.setProperty(PGProperty.SSL_ROOT_CERT.getName(), caFile);
        }
        return properties;
    }

    private static boolean hasClientCertificate(Properties said) {
        return said.containsKey(PGProperty.SSL_CERT.getName())
                || said.containsKey(PGProperty.SSL_KEY.getName())
                || Files.exists(DEFAULTS.resolve("postgresql.crt"));
    }
}
