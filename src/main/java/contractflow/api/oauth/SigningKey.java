package contractflow.api.oauth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A private key that can sign: RSA with PS256, or EC on the curve P-256 with ES256.
 *
 * @param signer has the key, which can not be read from it
 */
public record SigningKey(JWSAlgorithm algorithm, JWSSigner signer) {

    private static final Pattern PEM = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
    private static final String UNUSABLE =
            "has no private key that can be used: neither RSA of at least 2048 bits nor EC on the curve P-256";

    /**
     * @param pem a PEM text of an unencrypted PKCS#8 key
     * @throws IllegalArgumentException where it is something else; the message says what to do, and nothing of the text
     */
    static SigningKey of(String pem) {
        PrivateKey key = privateKey(pem);
        try {
            return key instanceof ECPrivateKey ec ? ofEllipticCurve(ec) : ofRsa(key);
        } catch (JOSEException | IllegalArgumentException e) {
            throw new IllegalArgumentException(UNUSABLE, e);
        }
    }

    public static PrivateKey privateKey(String pem) {
        Matcher block = PEM.matcher(pem);
        if (!block.find()) {
            throw new IllegalArgumentException("is not a PEM file: it has no line -----BEGIN PRIVATE KEY-----");
        }
        switch (block.group(1)) {
            case "PRIVATE KEY" -> {
                return decode(block.group(2));
            }
            case "ENCRYPTED PRIVATE KEY" ->
                throw new IllegalArgumentException(
                        "is encrypted: openssl pkcs8 -topk8 -nocrypt -in FILE -out NEWFILE takes the passphrase off");
            case "RSA PRIVATE KEY", "EC PRIVATE KEY", "EC PARAMETERS" ->
                throw new IllegalArgumentException(
                        "is not in PKCS#8: openssl pkcs8 -topk8 -nocrypt -in FILE -out NEWFILE converts it");
            default ->
                throw new IllegalArgumentException(
                        "has no private key but something else, such as the certificate or the public key");
        }
    }

    private static PrivateKey decode(String base64) {
        try {
            PKCS8EncodedKeySpec encoded =
                    new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64));
            try {
                return KeyFactory.getInstance("RSA").generatePrivate(encoded);
            } catch (InvalidKeySpecException notRsa) {
                return KeyFactory.getInstance("EC").generatePrivate(encoded);
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException(UNUSABLE, e);
        }
    }

    private static SigningKey ofRsa(PrivateKey key) throws JOSEException {
        return new SigningKey(JWSAlgorithm.PS256, new RSASSASigner(key)).tried();
    }

    private static SigningKey ofEllipticCurve(ECPrivateKey key) throws JOSEException {
        return new SigningKey(JWSAlgorithm.ES256, new ECDSASigner(key)).tried();
    }

    private SigningKey tried() throws JOSEException {
        signer.sign(new JWSHeader(algorithm), new byte[1]);
        return this;
    }
}
