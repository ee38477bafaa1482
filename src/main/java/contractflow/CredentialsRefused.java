package contractflow;

/** The API does not know us, or we do not know its server; it would be the same for every other record. */
public final class CredentialsRefused extends ApiException {

    private static final long serialVersionUID = 1L;

    private final boolean repeatable;

    /**
     * @param repeatable whether one repeat is worth it: under load a good token has been refused
     */
    public CredentialsRefused(String message, boolean repeatable) {
        super(message);
        this.repeatable = repeatable;
    }

    public boolean isRepeatable() {
        return repeatable;
    }
}
