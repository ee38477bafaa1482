package contractflow.failure.api;

/** No access token can be had at present. Neither the record nor the credentials are at fault; asking again may help. */
public final class TokenUnavailable extends ApiException {

    private static final long serialVersionUID = 1L;

    public TokenUnavailable(String message) {
        super(message);
    }
}
