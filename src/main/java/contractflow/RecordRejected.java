package contractflow;

/** The record is at fault; asking again would bring the same answer. */
public final class RecordRejected extends ApiException {

    private static final long serialVersionUID = 1L;

    private final String reason;

    /**
     * @param reason what the report counts it under, a few words
     */
    public RecordRejected(String reason, String message) {
        super(message);
        this.reason = reason;
    }

    public String getReason() {
        return reason;
    }
}
