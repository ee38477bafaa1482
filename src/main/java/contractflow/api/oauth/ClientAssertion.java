package contractflow.api.oauth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import contractflow.config.Secret;
import contractflow.failure.SetupException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.UUID;

/**
 * The signed statement that this process shows to get an access token: who it is, what it wants, and until when that stands. It has
 * the claims that RFC 7523 demands, and is good for one request.
 */
public final class ClientAssertion {

    /** Long enough for two clocks that differ by some minutes; NetSuite allows an hour. */
    private static final Duration STANDS = Duration.ofMinutes(10);

    private String clientId;
    private String certificateId;
    private String privateKeyFile;
    private String scope;
    private String audience;
    private Clock clock = Clock.systemUTC();

    /**
     * @param clientId of the integration record
     */
    public void setClientId(String clientId) {
        this.clientId = clientId;
    }

    /**
     * @param certificateId that NetSuite has given to the certificate of the key
     */
    public void setCertificateId(String certificateId) {
        this.certificateId = certificateId;
    }

    /**
     * @param privateKeyFile PEM, PKCS#8; read for each assertion, so that a key can be exchanged while the process runs
     */
    public void setPrivateKeyFile(String privateKeyFile) {
        this.privateKeyFile = privateKeyFile;
    }

    /**
     * @param scope one, or several with spaces between them
     */
    public void setScope(String scope) {
        this.scope = scope;
    }

    /**
     * @param audience the address of the token endpoint
     */
    public void setAudience(String audience) {
        this.audience = audience;
    }

    public void setClock(Clock clock) {
        this.clock = clock;
    }

    /**
     * A new assertion.
     *
     * @throws SetupException where the key is not there or is none
     */
    public String sign() throws JOSEException {
        SigningKey key = key("netsuite.oauth.private-key", privateKeyFile);
        Instant now = clock.instant();
        SignedJWT assertion = new SignedJWT(
                new JWSHeader.Builder(key.algorithm())
                        .type(JOSEObjectType.JWT)
                        .keyID(certificateId)
                        .build(),
                new JWTClaimsSet.Builder()
                        .issuer(clientId)
                        .subject(clientId)
                        .audience(audience)
                        .claim("scope", List.of(scope.strip().split("\\s+")))
                        .issueTime(Date.from(now))
                        .expirationTime(Date.from(now.plus(STANDS)))
                        .jwtID(UUID.randomUUID().toString())
                        .build());
        assertion.sign(key.signer());
        return assertion.serialize();
    }

    /**
     * @param key of the settings, without the {@code -file} at its end
     * @throws SetupException where the file has no key that can sign
     */
    public static SigningKey key(String key, String file) {
        try {
            return SigningKey.of(Secret.read(key, "", file));
        } catch (IllegalArgumentException e) {
            throw new SetupException(key + "-file: the file " + e.getMessage());
        }
    }
}
