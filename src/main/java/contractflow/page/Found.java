package contractflow.page;

import org.apache.camel.Body;

/** What a statement has found for a user of the status page. */
public final class Found {

    private Found() {}

    /**
     * @throws HttpError where it has found nothing
     */
    public static Object run(@Body Object found) throws HttpError {
        if (found == null) {
            throw new HttpError(404, "there is no such run");
        }
        return found;
    }

    /**
     * @throws HttpError where it has found nothing
     */
    public static Object contract(@Body Object found) throws HttpError {
        if (found == null) {
            throw new HttpError(
                    404,
                    "this contract is unknown: it has no row, no dead letter, and is in no run whose ledger is kept");
        }
        return found;
    }
}
