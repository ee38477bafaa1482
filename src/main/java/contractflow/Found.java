package contractflow;

import org.apache.camel.Body;

/** What a statement has found for a user of the status page. */
public final class Found {

    private Found() {}

    /**
     * @throws VisitorRefused where it has found nothing
     */
    public static Object run(@Body Object found) throws VisitorRefused {
        if (found == null) {
            throw new VisitorRefused(404, "there is no such run");
        }
        return found;
    }

    /**
     * @throws VisitorRefused where it has found nothing
     */
    public static Object contract(@Body Object found) throws VisitorRefused {
        if (found == null) {
            throw new VisitorRefused(404, "this contract is unknown: it has no row, no dead letter, and is in no run whose ledger is kept");
        }
        return found;
    }
}
