package contractflow.api.oauth;

import contractflow.failure.api.ApiException;
import contractflow.failure.api.ServiceUnavailable;
import contractflow.failure.api.TokenUnavailable;
import contractflow.failure.api.Unauthorized;
import java.util.concurrent.TimeUnit;

/**
 * Distinguishes a token endpoint whose URL is wrong from one that is unavailable: it has never given out a token, and all it answers with is
 * pages. One that has given out a token is waited for whatever it answers.
 */
final class EndpointDoubt {

    /** So many answers of that kind are no outage. */
    private static final int HANDFUL = 4;

    /** Between two calls, so that a page of some seconds makes no handful. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1000);

    private boolean everGiven;
    private int pages;
    private long lastPageAt;
    private String lastPage;

    /** What to answer without a call, so soon after the last one; null where it is time for one. */
    synchronized TokenUnavailable tooSoon() {
        boolean soon = pages > 0 && pages < HANDFUL && System.nanoTime() - lastPageAt < PAUSE_NANOS;
        return soon ? new TokenUnavailable(lastPage) : null;
    }

    synchronized void given() {
        everGiven = true;
        pages = 0;
    }

    /**
     * The endpoint has given out no token, and has not said that it will not.
     *
     * @param setting that has its URL
     * @return what that means
     */
    synchronized ApiException failed(ServiceUnavailable failure, String setting) {
        if (everGiven || !isPage(failure.getStatus())) {
            pages = 0;
            return new TokenUnavailable(failure.getMessage());
        }
        pages++;
        lastPageAt = System.nanoTime();
        lastPage = failure.getMessage();
        return pages < HANDFUL
                ? new TokenUnavailable(lastPage)
                : new Unauthorized(lastPage + "; check " + setting
                        + ", since nothing there has ever answered as a token endpoint does");
    }

    /** A server that is there, and whose fault it is not. A request that it has waited for too long is not answered. */
    private static boolean isPage(int status) {
        return status >= 200 && status < 500 && status != 408;
    }
}
