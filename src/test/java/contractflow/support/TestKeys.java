package contractflow.support;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Keys and certificates that are made while the tests run. */
public final class TestKeys {

    static final String PASSWORD = "changeit";

    private TestKeys() {}

    public static KeyPair rsa(int bits) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits);
        return generator.generateKeyPair();
    }

    public static KeyPair ec(String curve) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair();
    }

    /** The private key in PKCS#8. */
    public static String pem(KeyPair keys) {
        return pem("PRIVATE KEY", keys.getPrivate().getEncoded());
    }

    public static String pem(Certificate certificate) throws Exception {
        return pem("CERTIFICATE", certificate.getEncoded());
    }

    public static String pem(String kind, byte[] der) {
        return "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + kind
                + "-----\n";
    }

    /** A certification authority that no client trusts. */
    public static final class Ca {

        private final X500Principal name = new X500Principal("CN=CA of the tests " + new SecureRandom().nextInt());
        private final KeyPair keys = ec("secp256r1");
        private final X509Certificate certificate =
                issue(name, keys, null, Instant.now().plus(Duration.ofHours(1)));

        public Ca() throws Exception {}

        public X509Certificate certificate() {
            return certificate;
        }

        /**
         * A key store with the certificate of a server.
         *
         * @param host its IP address, or its name
         */
        public Path server(Path file, String host) throws Exception {
            KeyPair server = ec("secp256r1");
            Certificate issued = server(server, host, Instant.now().plus(Duration.ofHours(1)));
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    "server", server.getPrivate(), PASSWORD.toCharArray(), new Certificate[] {issued, certificate});
            write(store, file);
            return file;
        }

        /**
         * The certificate of a server.
         *
         * @param host its IP address, or its name
         */
        X509Certificate server(KeyPair keys, String host, Instant end) throws Exception {
            boolean address = Character.isDigit(host.charAt(0));
            GeneralNames names =
                    new GeneralNames(new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, host));
            return issue(new X500Principal("CN=" + host), keys, names, end);
        }

        private X509Certificate issue(X500Principal subject, KeyPair subjectKeys, GeneralNames server, Instant end)
                throws Exception {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    name,
                    new BigInteger(64, new SecureRandom()),
                    Date.from(end.minus(Duration.ofHours(2))),
                    Date.from(end),
                    subject,
                    subjectKeys.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(server == null));
            if (server != null) {
                builder.addExtension(Extension.subjectAlternativeName, false, server);
            }
            byte[] der = builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
                    .getEncoded();
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        }

        private static void write(KeyStore store, Path file) throws Exception {
            try (OutputStream out = Files.newOutputStream(file)) {
                store.store(out, PASSWORD.toCharArray());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
