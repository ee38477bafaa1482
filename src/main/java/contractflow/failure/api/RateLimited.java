package contractflow.failure.api;

/** The API has refused a call for being one too many; neither the record nor the service is at fault. */
public final class RateLimited extends ApiException {

    private static final long serialVersionUID = 1L;

    private final transient Refusal refusal;

    public RateLimited(String message, Refusal refusal) {
        super(message);
        this.refusal = refusal;
    }

    public Refusal getRefusal() {
        return refusal;
    }

    /** The same, by a token endpoint. */
    public RateLimited ofTokens() {
        return new RateLimited(getMessage(), refusal.ofTokens());
    }
}
