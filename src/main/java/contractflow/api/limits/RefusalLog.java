package contractflow.api.limits;

import contractflow.api.adaptive.AdaptiveLimits;
import contractflow.config.LogContext;
import contractflow.failure.api.Refusal;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Says in the log that an API refuses calls, and what its limits are then: once for refusals that come together, when the limits have
 * settled, and again where they have changed.
 *
 * <p>Times are on the clock of {@link System#nanoTime()}. Callers exclude each other.
 */
final class RefusalLog {

    private static final Logger LOG = LoggerFactory.getLogger(ApiLimits.class);

    private static final long SETTLED = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long BETWEEN_LINES = TimeUnit.SECONDS.toNanos(10);
    private static final long LONG_PAUSE = TimeUnit.SECONDS.toNanos(5);

    private final String api;
    private final int concurrency;
    private final double perSecond;
    private Refusal refusal;
    private long refusedAt;
    private long pause;
    private boolean logged;
    private long loggedAt;
    private int loggedConcurrency;
    private double loggedPerSecond;

    /**
     * @param concurrency most calls at once that the settings allow
     * @param perSecond most calls a second that the settings allow
     */
    RefusalLog(String api, int concurrency, double perSecond) {
        this.api = api;
        this.concurrency = concurrency;
        this.perSecond = perSecond;
        loggedConcurrency = concurrency;
        loggedPerSecond = perSecond;
    }

    /**
     * @param pauseNanos how long nothing is sent from now on; 0 where that has not changed
     */
    void refused(Refusal refusal, long pauseNanos, long now) {
        if (this.refusal == null) {
            this.refusal = refusal;
            refusedAt = now;
            pause = 0;
        }
        pause = Math.max(pause, pauseNanos);
    }

    /** Is called now and then. */
    void logChange(AdaptiveLimits limits, long now) {
        if (refusal == null && loggedConcurrency == concurrency && loggedPerSecond == perSecond
                || now - refusedAt < SETTLED) {
            return;
        }
        int atOnce = limits.concurrency().getKnown();
        double inSecond = limits.rate().getKnown();
        boolean changed = atOnce != loggedConcurrency || (int) inSecond != (int) loggedPerSecond;
        boolean due = !logged || now - loggedAt >= BETWEEN_LINES;
        if (refusal != null) {
            String line = "rate limited (" + refusal.answer() + ")" + pause() + limits(atOnce, inSecond);
            write(line, due && (changed || !logged) || pause >= LONG_PAUSE, atOnce, inSecond, now);
            refusal = null;
        } else if (changed && due && atOnce == concurrency && inSecond == perSecond) {
            write("bears the limits of the settings again" + limits(atOnce, inSecond), true, atOnce, inSecond, now);
        }
    }

    private String pause() {
        return pause == 0 ? "" : String.format(Locale.ROOT, ", pausing %,d ms", TimeUnit.NANOSECONDS.toMillis(pause));
    }

    private String limits(int atOnce, double inSecond) {
        String line = "";
        if (atOnce != concurrency || loggedConcurrency != concurrency) {
            line += ", concurrency limit now " + atOnce + " of " + concurrency;
        }
        if (inSecond != perSecond || loggedPerSecond != perSecond) {
            line += String.format(Locale.ROOT, ", rate limit now %.4g of %.4g a second", inSecond, perSecond);
        }
        return line;
    }

    private void write(String line, boolean info, int atOnce, double inSecond, long now) {
        if (!info) {
            LOG.debug("{}: {}", api, line);
            return;
        }
        // It is about the API, and not about the contract whose thread comes along.
        String contract = MDC.get(LogContext.CONTRACT);
        MDC.remove(LogContext.CONTRACT);
        LOG.info("{}: {}", api, line);
        if (contract != null) {
            MDC.put(LogContext.CONTRACT, contract);
        }
        logged = true;
        loggedAt = now;
        loggedConcurrency = atOnce;
        loggedPerSecond = inSecond;
    }
}
