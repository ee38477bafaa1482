package contractflow;

import java.time.Duration;

/** The API asks to go slower; neither the record nor the service is at fault. */
public final class RequestRefused extends ApiException {

    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    /**
     * @param retryAfter how long the API asks to wait, or null where it does not say
     */
    public RequestRefused(String message, Duration retryAfter) {
        super(message);
        this.retryAfter = retryAfter;
    }

    public Duration getRetryAfter() {
        return retryAfter;
    }
}
