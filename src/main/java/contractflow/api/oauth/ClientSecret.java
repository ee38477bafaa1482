package contractflow.api.oauth;

import contractflow.config.Secret;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The name and the secret that this process shows to the usage API's token endpoint. */
public final class ClientSecret {

    private String id;
    private String secret = "";
    private String secretFile = "";
    private String scope = "";

    public void setId(String id) {
        this.id = id;
    }

    public void setSecret(String secret) {
        this.secret = secret;
    }

    /**
     * @param secretFile read for each token, so that a secret can be exchanged while the process runs
     */
    public void setSecretFile(String secretFile) {
        this.secretFile = secretFile;
    }

    /**
     * @param scope one, several with spaces between them, or nothing
     */
    public void setScope(String scope) {
        this.scope = scope;
    }

    /** The value of the header {@code Authorization}; both parts are form-encoded first, as RFC 6749 has it. */
    public String authorization() {
        String pair = encode(id) + ":" + encode(Secret.read("usage.oauth.client-secret", secret, secretFile));
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    /** The request's form. */
    public String form() {
        String grant = "grant_type=client_credentials";
        return scope.isBlank() ? grant : grant + "&scope=" + encode(scope.strip());
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
