package contractflow.api;

import contractflow.contract.CallAttempts;
import contractflow.failure.WarehouseFault;
import contractflow.failure.api.RateLimited;
import contractflow.failure.api.Unauthorized;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Exponential backoff with full jitter: the wait before the next try of a call is anything up to a bound that doubles. */
public final class Backoff implements Processor {

    private static final Duration SOON = Duration.ofMillis(50);
    private static final Duration FIRST = Duration.ofMillis(500);

    /** Short enough that a process that is stopped can wait for it. */
    private static final Duration LONGEST = Duration.ofSeconds(8);

    /** Sets the wait before the redelivery; stands as {@code onExceptionOccurred}. */
    @Override
    public void process(Exchange exchange) {
        CallAttempts attempts = CallAttempts.of(exchange);
        exchange.getMessage()
                .setHeader(
                        Exchange.REDELIVERY_DELAY,
                        delay(attempts, WarehouseFault.failure(exchange)).toMillis());
    }

    private static Duration delay(CallAttempts attempts, Throwable failure) {
        if (failure instanceof Unauthorized) {
            // A token that was refused is replaced at once, or by nothing.
            return Duration.ZERO;
        }
        if (failure instanceof RateLimited || failure instanceof CallNotPermittedException) {
            // All calls wait for the API, except where it refuses this record alone.
            int alone = attempts.getRefusalsAlone();
            return alone == 0 ? SOON : fullJitter(FIRST, alone, LONGEST);
        }
        return fullJitter(FIRST, attempts.getCount(), LONGEST);
    }

    /**
     * @param tries how many have failed, at least 1
     * @return from nothing up to {@code first} doubled for each try after the first, at most {@code longest}
     */
    static Duration fullJitter(Duration first, int tries, Duration longest) {
        double bound = Math.min((double) longest.toMillis(), first.toMillis() * Math.pow(2, Math.max(0, tries - 1)));
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong((long) bound + 1));
    }
}
