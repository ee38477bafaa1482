package contractflow.failure.api;

/**
 * The API does not know us, does not let us see a record, or we do not know its server. Where it was the API that said so, one
 * record alone may be behind it; else it would be the same for every other record.
 */
public final class Unauthorized extends ApiException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String reason;

    /** It is the same for every record. */
    public Unauthorized(String message) {
        this(message, 0, "");
    }

    /**
     * The API has said so, of one record.
     *
     * @param status 401 or 403
     * @param reason what the report counts the record under, where it turns out that it alone is refused
     */
    public Unauthorized(String message, int status, String reason) {
        super(message);
        this.status = status;
        this.reason = reason;
    }

    /** Whether one repeat with a new token is worth it: under load a good token has been refused. */
    public boolean isRepeatable() {
        return status == 401;
    }

    /** Whether the API has refused one record, rather than everything being refused before it was asked. */
    public boolean isAboutRecord() {
        return status != 0;
    }

    public String getReason() {
        return reason;
    }
}
