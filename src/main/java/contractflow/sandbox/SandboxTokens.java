package contractflow.sandbox;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Variable;

/** The access tokens that a simulated API has given out. */
public final class SandboxTokens {

    private final Map<String, Long> endByAuthorization = new ConcurrentHashMap<>();
    private long lifetime;

    /**
     * @param lifetime in seconds
     */
    public void setLifetime(long lifetime) {
        this.lifetime = lifetime;
    }

    public long getLifetime() {
        return lifetime;
    }

    /** A new token. */
    public String give() {
        String token = "sandbox-" + UUID.randomUUID();
        endByAuthorization.put(
                "Bearer " + token,
                System.nanoTime() + Duration.ofSeconds(lifetime).toNanos());
        return token;
    }

    /** Whether the header {@code Authorization} has one of them that holds. */
    public boolean holds(@Variable("authorization") String authorization) {
        Long end = authorization == null ? null : endByAuthorization.get(authorization);
        return end != null && end - System.nanoTime() > 0;
    }
}
