package contractflow.api.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import contractflow.failure.api.ServiceUnavailable;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Pattern;

/** A bearer token: how an API is shown it, how long it holds, and whether the API has refused it. */
public final class AccessToken {

    /** The property of an exchange that has the token which its call shows. */
    public static final String SHOWN = "contractflow.token";

    /** How long before its end a token is replaced. */
    private static final Duration AHEAD = Duration.ofMinutes(5);

    /** A token that holds hardly longer than that serves for a while all the same. */
    private static final Duration SERVES = Duration.ofSeconds(30);

    private static final Duration USUAL_LIFE = Duration.ofHours(1);
    private static final Duration LONGEST_LIFE = Duration.ofDays(30);
    private static final Pattern SENDABLE = Pattern.compile("[!-~]+");

    private final String authorization;
    private final long renewal;
    private final long end;
    private volatile boolean refused;

    private AccessToken(String value, long renewal, long end) {
        this.authorization = "Bearer " + value;
        this.renewal = renewal;
        this.end = end;
    }

    /** A token of the settings, whose expiry is unknown. */
    static AccessToken lasting(String value) {
        return new AccessToken(value, Long.MAX_VALUE, Long.MAX_VALUE);
    }

    /**
     * What a token endpoint has given out.
     *
     * @param answer with {@code access_token}, and in {@code expires_in} the seconds that it holds, as a number or as a text
     * @param asked when it was asked, in ms since 1970
     * @throws ServiceUnavailable where the answer is something else
     */
    static AccessToken of(JsonNode answer, long asked) {
        String value = answer.path("access_token").textValue();
        if (value == null || !isSendable(value)) {
            throw new ServiceUnavailable("the token endpoint's answer has no usable access_token", 200);
        }
        Duration life = life(answer.path("expires_in"));
        Duration serves = SERVES.compareTo(life.dividedBy(2)) < 0 ? SERVES : life.dividedBy(2);
        Duration untilRenewal = life.minus(AHEAD).compareTo(serves) > 0 ? life.minus(AHEAD) : serves;
        return new AccessToken(value, asked + untilRenewal.toMillis(), asked + life.toMillis());
    }

    private static Duration life(JsonNode expiresIn) {
        if (expiresIn.isMissingNode() || expiresIn.isNull()) {
            return USUAL_LIFE;
        }
        try {
            BigDecimal seconds = new BigDecimal(expiresIn.asText().strip());
            if (seconds.signum() > 0) {
                return Duration.ofSeconds(seconds.min(BigDecimal.valueOf(LONGEST_LIFE.toSeconds()))
                        .longValue());
            }
        } catch (NumberFormatException notANumber) {
            // said below
        }
        throw new ServiceUnavailable("the token endpoint's answer has no usable expires_in", 200);
    }

    /** Whether a header can carry it. */
    public static boolean isSendable(String value) {
        return SENDABLE.matcher(value).matches();
    }

    /** The value of the header {@code Authorization}. */
    String authorization() {
        return authorization;
    }

    /**
     * @param now in ms since 1970
     */
    boolean isUsable(long now) {
        return !refused && now < end;
    }

    /** Whether it has no end that anybody knows of. */
    boolean isLasting() {
        return end == Long.MAX_VALUE;
    }

    /** Whether it is time to fetch the next one, while this one is still good. */
    boolean isDue(long now) {
        return now >= renewal;
    }

    /** The API does not accept it, so the next call needs another one. */
    public void refuse() {
        refused = true;
    }

    /** {@inheritDoc} Never the token. */
    @Override
    public String toString() {
        return "an access token";
    }
}
