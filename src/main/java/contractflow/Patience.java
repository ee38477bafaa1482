package contractflow;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.camel.Exchange;
import org.apache.camel.support.CamelContextHelper;

/**
 * Tells a record that always fails from a service that is unavailable. Before a contract becomes a dead letter for failing, the API
 * has to have answered another one: another contract meanwhile, or one that it knew before.
 */
public final class Patience {

    /** Refusals in a row of one call that make it worth asking for a known contract; limits alone hardly ever come to so many. */
    private static final int MANY_REFUSALS = 10;

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
     * while a known one is answered right after it, has had its attempts.
     */
    public boolean isRefused(Exchange exchange) {
        Throwable failure = WarehouseFault.failure(exchange);
        if (failure instanceof RequestRefused && exchange.getVariable("contract") instanceof Contract contract) {
            return !isRefusedAlone(exchange, contract);
        }
        return failure instanceof RequestRefused || failure instanceof CallNotPermittedException;
    }

    private boolean isRefusedAlone(Exchange exchange, Contract contract) {
        Job run = exchange.getVariable("run", Job.class);
        int refusals = contract.countRefusal();
        if (refusals < MANY_REFUSALS || run.isStopped()) {
            return false;
        }
        String api = exchange.getVariable("stage", String.class);
        ApiLimits gate = CamelContextHelper.mandatoryLookup(exchange.getContext(), api, ApiLimits.class);
        if (!gate.startProbe()) {
            return false;
        }
        try {
            boolean alone = probe(exchange, run.standing(api), gate) == null && contract.countRefusalAlone() >= maxAttempts;
            if (alone) {
                contract.shareAttempts(refusals);
            }
            return alone;
        } finally {
            gate.probeEnded();
        }
    }

    /** Whether to ask again after a failed try; stands as {@code retryWhile}. */
    public boolean hasNotEnded(Exchange exchange) {
        Job run = exchange.getVariable("run", Job.class);
        Inquiry inquiry = exchange.getVariable("contract", Inquiry.class);
        String api = exchange.getVariable("stage", String.class);
        if (WarehouseFault.failure(exchange) instanceof RequestRefused || WarehouseFault.failure(exchange) instanceof CallNotPermittedException) {
            return true;
        }
        if (WarehouseFault.failure(exchange) instanceof TokenUnavailable) {
            // The API was not asked for the record.
            inquiry.forgetAttempts();
            return true;
        }
        ApiLimits gate = CamelContextHelper.mandatoryLookup(exchange.getContext(), api, ApiLimits.class);
        boolean exhausted = inquiry.getAttempts() >= maxAttempts;
        if (run.isStopped() || !exhausted && !gate.isAway()) {
            return true;
        }
        if (run.isAnsweredSince(api, inquiry.getLastTryAt())) {
            return !exhausted;
        }
        if (!gate.startProbe()) {
            // Somebody else is asking already.
            return true;
        }
        try {
            Throwable failed = probe(exchange, run.standing(api), gate);
            if (failed == null || failed instanceof RecordRejected rejected && rejected.getSource() == RecordRejected.Source.API) {
                return !exhausted;
            }
            if (!(failed instanceof CredentialsRefused)) {
                gate.confirmOutage();
                inquiry.forgetAttempts();
            }
            return true;
        } finally {
            gate.probeEnded();
        }
    }

    /** What has come of asking for a contract that the API has answered before; null where it has answered. */
    private Throwable probe(Exchange exchange, ApiStanding standing, ApiLimits gate) {
        List<Contract> known = probe.known(exchange, standing);
        return known.isEmpty()
                ? new ServiceUnavailable("there is no contract that was answered before", 0)
                : probe.ask(exchange, gate.getRoute(), known.get(ThreadLocalRandom.current().nextInt(known.size()))).getException();
    }

    /** Whether to show the same credentials a second time; stands as {@code retryWhile}. */
    public boolean mayRepeatCredentials(Exchange exchange) {
        Inquiry inquiry = exchange.getVariable("contract", Inquiry.class);
        return WarehouseFault.failure(exchange) instanceof CredentialsRefused refused
                && refused.isRepeatable()
                && !inquiry.hasRepeatedCredentials();
    }
}
