package contractflow.sandbox;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import contractflow.api.oauth.SigningKey;
import contractflow.config.Secret;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.camel.Header;

/** The integration record of the simulated NetSuite account, which knows one client by one key. */
public final class SandboxAccount {

    private static final Duration LONGEST_LIFE = Duration.ofHours(1);
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);

    private String clientId;
    private String certificateId;
    private String privateKeyFile;
    private String tokenUrl;

    public void setClientId(String clientId) {
        this.clientId = clientId;
    }

    public void setCertificateId(String certificateId) {
        this.certificateId = certificateId;
    }

    /**
     * @param privateKeyFile whose public half the account has
     */
    public void setPrivateKeyFile(String privateKeyFile) {
        this.privateKeyFile = privateKeyFile;
    }

    public void setTokenUrl(String tokenUrl) {
        this.tokenUrl = tokenUrl;
    }

    /** Whether a request for a token has an assertion of that client: signed with its key, for this endpoint, and in its time. */
    public boolean accepts(@Header("client_assertion") String assertion) throws GeneralSecurityException {
        try {
            SignedJWT jwt = SignedJWT.parse(assertion == null ? "" : assertion);
            return isOurs(jwt.getHeader())
                    && jwt.verify(new RSASSAVerifier(publicKey()))
                    && isMeant(jwt.getJWTClaimsSet(), Instant.now());
        } catch (ParseException | JOSEException noAssertion) {
            return false;
        }
    }

    private boolean isOurs(JWSHeader header) {
        return JWSAlgorithm.PS256.equals(header.getAlgorithm()) && certificateId.equals(header.getKeyID());
    }

    private boolean isMeant(JWTClaimsSet claims, Instant now) throws ParseException {
        if (claims.getIssueTime() == null || claims.getExpirationTime() == null) {
            return false;
        }
        Instant issued = claims.getIssueTime().toInstant();
        Instant end = claims.getExpirationTime().toInstant();
        return clientId.equals(claims.getIssuer())
                && List.of(tokenUrl).equals(claims.getAudience())
                && List.of("rest_webservices").equals(claims.getStringListClaim("scope"))
                && issued.isBefore(now.plus(CLOCKS_DIFFER))
                && end.isAfter(now)
                && end.isBefore(issued.plus(LONGEST_LIFE));
    }

    private RSAPublicKey publicKey() throws GeneralSecurityException {
        String pem = Secret.read("netsuite.oauth.private-key", "", privateKeyFile);
        RSAPrivateCrtKey key = (RSAPrivateCrtKey) SigningKey.privateKey(pem);
        RSAPublicKeySpec half = new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent());
        return (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(half);
    }
}
