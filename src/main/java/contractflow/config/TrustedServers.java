package contractflow.config;

import contractflow.failure.SetupException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.camel.support.jsse.TrustManagersParameters;

/**
 * The CAs whose word this process takes for a server that it calls: those of the Java runtime, and those of {@code tls.ca-file}.
 */
public final class TrustedServers implements CamelConfiguration {

    @Override
    public void configure(CamelContext camel) throws GeneralSecurityException, IOException {
        String file = camel.resolvePropertyPlaceholders("{{tls.ca-file}}");
        TrustManagersParameters trust = new TrustManagersParameters();
        trust.setTrustManager(trusting(file.isBlank() ? List.of() : certificates(file)));
        SSLContextParameters tls = new SSLContextParameters();
        tls.setTrustManagers(trust);
        camel.setSSLContextParameters(tls);
    }

    /**
     * @param more CAs besides those of the Java runtime
     */
    public static X509TrustManager trusting(Collection<? extends Certificate> more)
            throws GeneralSecurityException, IOException {
        X509TrustManager runtime = trustManager(null);
        if (more.isEmpty()) {
            return runtime;
        }
        List<Certificate> all = new ArrayList<>(Arrays.asList(runtime.getAcceptedIssuers()));
        all.addAll(more);
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (int i = 0; i < all.size(); i++) {
            store.setCertificateEntry("ca-" + i, all.get(i));
        }
        return trustManager(store);
    }

    /**
     * @param store null for that of the Java runtime
     */
    private static X509TrustManager trustManager(KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                return x509;
            }
        }
        throw new GeneralSecurityException("this Java runtime has no X.509 trust manager");
    }

    /**
     * @throws SetupException where the file has no certificates
     */
    public static Collection<? extends Certificate> certificates(String file) {
        String pem = Secret.read("tls.ca", "", file);
        try {
            Collection<? extends Certificate> certificates = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
            if (!certificates.isEmpty() && certificates.stream().allMatch(X509Certificate.class::isInstance)) {
                return certificates;
            }
        } catch (GeneralSecurityException noCertificate) {
            // said below
        }
        throw new SetupException("tls.ca-file: the file must have one or more certificates in PEM, and nothing else");
    }
}
