package contractflow.sandbox;

import contractflow.failure.SetupException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;

/** The private key that the sandbox signs in with, made when it starts for the first time. */
public final class SandboxKey extends MainListenerSupport {

    /** Names the file. */
    public static final String SETTING = "netsuite.oauth.private-key-file";

    @Override
    public void beforeConfigure(BaseMainSupport main) {
        Path file = Path.of(main.getCamelContext().resolvePropertyPlaceholders("{{" + SETTING + "}}"));
        if (Files.exists(file)) {
            return;
        }
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, pem());
            if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            }
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new SetupException(SETTING + ": the sandbox cannot make its key: " + e.getMessage(), e);
        }
    }

    private static String pem() throws NoSuchAlgorithmException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(3072);
        byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
        String text = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(key);
        return "-----BEGIN PRIVATE KEY-----\n" + text + "\n-----END PRIVATE KEY-----\n";
    }
}
