package contractflow.api;

import contractflow.api.job.ApiStanding;
import contractflow.api.job.Job;
import contractflow.api.limits.ApiLimits;
import contractflow.contract.CallAttempts;
import contractflow.contract.Contract;
import contractflow.contract.Lookup;
import contractflow.failure.WarehouseFault;
import contractflow.failure.api.InvalidRecord;
import contractflow.failure.api.RateLimited;
import contractflow.failure.api.ServiceUnavailable;
import contractflow.failure.api.TokenUnavailable;
import contractflow.failure.api.Unauthorized;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.camel.Exchange;
import org.apache.camel.support.CamelContextHelper;

/**
 * Tells a record that always fails from a service that is unavailable. Before a contract becomes a dead letter for failing, the API
 * has to have answered another one: another contract meanwhile, or one that it knew before.
 */
public final class RetryDecision {

    /** Refusals of one record, others answered meanwhile, that limits alone hardly ever come to. */
    private static final int MANY_REFUSALS = 5;

    private Probe probe;
    private int maxAttempts;

    public void setProbe(Probe probe) {
        this.probe = probe;
    }

    /**
     * @param maxAttempts tries of one call, the first included
     */
    public void setMaxAttempts(int maxAttempts) {
        this.maxAttempts = maxAttempts;
    }

    /**
     * Whether the call was refused or not let through, which says nothing about the record; stands as {@code retryWhile}. Camel
     * asks this of later failures of the same contract as well, whatever they are. A record that alone is refused again and again,
     * while others are answered, has had its attempts.
     */
    public boolean isRefused(Exchange exchange) {
        Throwable failure = WarehouseFault.failure(exchange);
        if (failure instanceof RateLimited && exchange.getVariable("listPage") == null) {
            return !isRefusedAlone(exchange, CallAttempts.of(exchange));
        }
        return failure instanceof RateLimited || failure instanceof CallNotPermittedException;
    }

    private boolean isRefusedAlone(Exchange exchange, CallAttempts attempts) {
        Job run = exchange.getVariable("run", Job.class);
        if (run.isStopped()) {
            return false;
        }
        String api = exchange.getVariable("stage", String.class);
        ApiLimits limits = limits(exchange, api);
        // Where others ask as well, what they are answered says it.
        if (!run.standing(api).isRefusedAlone(attempts)
                && limits.isUnwanted()
                && limits.probe().start()) {
            try {
                if (probe(exchange, run.standing(api), limits) == null) {
                    attempts.refusedAlone();
                }
            } finally {
                limits.probe().end();
            }
        }
        boolean alone = attempts.getRefusalsAlone() >= limits.attempts(Math.max(MANY_REFUSALS, maxAttempts));
        if (alone) {
            attempts.share(attempts.getRefusals());
        }
        return alone;
    }

    /** Whether to ask again after a failed try; stands as {@code retryWhile}. */
    public boolean shouldRetry(Exchange exchange) throws InterruptedException {
        Job run = exchange.getVariable("run", Job.class);
        CallAttempts attempts = CallAttempts.of(exchange);
        String api = exchange.getVariable("stage", String.class);
        Throwable failure = WarehouseFault.failure(exchange);
        if (failure instanceof RateLimited || failure instanceof CallNotPermittedException) {
            return true;
        }
        if (failure instanceof TokenUnavailable) {
            // The API was not asked for the record.
            attempts.forget();
            return true;
        }
        if (CallAttempts.askedFor(exchange) instanceof Lookup
                && run.lookups(api).isSuspended()) {
            return false;
        }
        ApiLimits limits = limits(exchange, api);
        int maxAttempts = isPart(exchange) ? 1 : this.maxAttempts;
        if (run.isStopped() || attempts.getCount() < maxAttempts && !limits.isUnavailable()) {
            return true;
        }
        if (run.isAnsweredSince(api, attempts.getLastTryAt())) {
            return isToBeTriedAgain(run, api, limits, attempts, maxAttempts, failure);
        }
        if (!limits.probe().start()) {
            // Another contract does so already. What it is answered says as much about this one.
            limits.probe().await();
            return !run.isAnsweredSince(api, attempts.getLastTryAt())
                    || isToBeTriedAgain(run, api, limits, attempts, maxAttempts, failure);
        }
        try {
            Throwable failed = probe(exchange, run.standing(api), limits);
            if (failed == null
                    || failed instanceof InvalidRecord rejected && rejected.getSource() == InvalidRecord.Source.API) {
                return isToBeTriedAgain(run, api, limits, attempts, maxAttempts, failure);
            }
            boolean oftenFails = !limits.isUnavailable() && limits.attempts(maxAttempts) > maxAttempts;
            if (oftenFails) {
                limits.failedForKnown();
            } else if (!(failed instanceof Unauthorized)) {
                limits.markOutage();
                attempts.forget();
            }
            giveUpAfterMaxWait(run, api, limits, attempts, failure);
            return true;
        } finally {
            limits.probe().end();
        }
    }

    /** Others are answered. Where many calls fail for them as well, it takes more failures until the record is at fault. */
    private boolean isToBeTriedAgain(
            Job run, String api, ApiLimits limits, CallAttempts attempts, int maxAttempts, Throwable failure) {
        if (attempts.getCount() >= limits.attempts(maxAttempts)) {
            return false;
        }
        if (attempts.getCount() >= maxAttempts || limits.attempts(maxAttempts) > maxAttempts) {
            giveUpAfterMaxWait(run, api, limits, attempts, failure);
        }
        return true;
    }

    private static void giveUpAfterMaxWait(
            Job run, String api, ApiLimits limits, CallAttempts attempts, Throwable failure) {
        Duration longest = limits.getMaxWait();
        if (System.nanoTime() - attempts.getFirstTryAt() > longest.toNanos()) {
            run.giveUp(
                    api,
                    api + " has failed for many records for more than " + longest.toSeconds() + " s: "
                            + WarehouseFault.message(failure));
        }
    }

    /** A part of a lookup that has failed is tried once, or halving would take as many tries at each step. */
    private static boolean isPart(Exchange exchange) {
        return CallAttempts.askedFor(exchange) instanceof Lookup lookup && lookup.isPart();
    }

    private static ApiLimits limits(Exchange exchange, String api) {
        return CamelContextHelper.mandatoryLookup(exchange.getContext(), api, ApiLimits.class);
    }

    /** What has come of asking for a contract that the API has answered before; null where it has answered. */
    private Throwable probe(Exchange exchange, ApiStanding standing, ApiLimits limits) {
        List<Contract> known = probe.known(exchange, standing);
        if (known.isEmpty()) {
            return new ServiceUnavailable("there is no contract that was answered before", 0);
        }
        Contract any = known.get(ThreadLocalRandom.current().nextInt(known.size()));
        return probe.ask(exchange, limits.getRoute(), any).getException();
    }

    /** Whether to show the same credentials a second time; stands as {@code retryWhile}. */
    public boolean shouldRetryUnauthorized(Exchange exchange) {
        CallAttempts attempts = CallAttempts.of(exchange);
        return WarehouseFault.failure(exchange) instanceof Unauthorized refused
                && refused.isRepeatable()
                && !attempts.hasRepeatedCredentials();
    }
}
