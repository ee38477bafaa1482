package contractflow;

/** The API has refused a call for being one too many; neither the record nor the service is at fault. */
public final class RequestRefused extends ApiException {

    private static final long serialVersionUID = 1L;

    private final transient Refusal refusal;

    RequestRefused(String message, Refusal refusal) {
        super(message);
        this.refusal = refusal;
    }

    Refusal getRefusal() {
        return refusal;
    }

    /** The same, by a token endpoint. */
    RequestRefused ofTokens() {
        return new RequestRefused(getMessage(), refusal.ofTokens());
    }
}
