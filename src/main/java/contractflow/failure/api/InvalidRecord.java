package contractflow.failure.api;

/** The answer finds fault with the record, or is about something else; asking again would bring the same answer. */
public final class InvalidRecord extends ApiException {

    private static final long serialVersionUID = 1L;

    /** What finds fault with the record. */
    public enum Source {
        /** This process, which need not ask anything else to know. */
        OURSELVES,
        /** The API, in the form of its errors. */
        API,
        /** Nothing does so in words: the answer is JSON, but not the one that was asked for. */
        UNEXPECTED_ANSWER
    }

    private final String reason;
    private final Source source;

    /**
     * The record is at fault, whatever becomes of others.
     *
     * @param reason what the report counts it under, a few words
     */
    public InvalidRecord(String reason, String message) {
        this(reason, message, Source.OURSELVES);
    }

    /** The record is at fault where others are answered at that time. */
    public InvalidRecord(String reason, String message, Source source) {
        super(message);
        this.reason = reason;
        this.source = source;
    }

    public String getReason() {
        return reason;
    }

    public Source getSource() {
        return source;
    }
}
