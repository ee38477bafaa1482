package contractflow.api;

import contractflow.api.job.ApiStanding;
import contractflow.api.job.Job;
import contractflow.api.limits.ApiLimits;
import contractflow.config.time.Durations;
import contractflow.contract.CallAttempts;
import contractflow.contract.Contract;
import contractflow.failure.Advice;
import contractflow.failure.WarehouseFault;
import contractflow.failure.api.InvalidRecord;
import contractflow.failure.api.Unauthorized;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.support.CamelContextHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Distinguishes a record that an API refuses from an API that refuses everything: whether others are answered at that time decides, be it
 * other contracts of the run or, where none comes, contracts that the API has answered before.
 */
public final class RecordVerdict {

    private static final Logger LOG = LoggerFactory.getLogger(RecordVerdict.class);

    /** Refused records in a row that make it worth asking for a known one. */
    private static final int HANDFUL = 5;

    /** Refused records in a row that are not all at fault, though the API says so and no other record is known. */
    private static final int NOT_BY_CHANCE = 8;

    /** How long no call is under way until a known contract is asked for. */
    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    private static final long LOOK_AROUND_MILLIS = 25;

    /** How long an API that has answered the run before is given to do so again, where it finds fault with every record in words. */
    private static final Duration SHORT_OUTAGE = Duration.ofSeconds(10);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private Probe probe;
    private RetryDecision retryDecision;
    private Duration maxWait = Duration.ZERO;

    public void setProbe(Probe probe) {
        this.probe = probe;
    }

    public void setRetryDecision(RetryDecision retryDecision) {
        this.retryDecision = retryDecision;
    }

    /**
     * @param maxWait in Camel's notation, such as 15m: how long a run waits for an API
     */
    public void setMaxWait(String maxWait) {
        this.maxWait = Durations.parse(maxWait);
    }

    /**
     * Whether to ask again for a record that was refused; stands as {@code retryWhile}. Where every record is refused, the run is
     * stopped, and asking again leaves the contract pending. A no means that the record alone is at fault.
     */
    public boolean shouldRetry(Exchange exchange) {
        Throwable failure = WarehouseFault.failure(exchange);
        if (failure instanceof InvalidRecord rejected && rejected.getSource() == InvalidRecord.Source.OURSELVES
                || !(failure instanceof InvalidRecord || failure instanceof Unauthorized)) {
            return false;
        }
        if (failure instanceof Unauthorized refused
                && refused.isAboutRecord()
                && retryDecision.shouldRetryUnauthorized(exchange)) {
            return true;
        }
        Refusal refusal = new Refusal(exchange, failure);
        if (failure instanceof Unauthorized refused && !refused.isAboutRecord()) {
            refusal.run.giveUp(refusal.api, refused.getMessage());
            return true;
        }
        try {
            return refusal.isOfService();
        } catch (InterruptedException e) {
            refusal.run.stop("interrupted");
            return true;
        }
    }

    /** One record that was refused. */
    private final class Refusal {

        private final Exchange exchange;
        private final Throwable failure;
        private final Job run;
        private final String api;
        private final CallAttempts attempts;
        private final ApiLimits limits;
        private final ApiStanding standing;

        Refusal(Exchange exchange, Throwable failure) {
            this.exchange = exchange;
            this.failure = failure;
            run = exchange.getVariable("run", Job.class);
            api = exchange.getVariable("stage", String.class);
            attempts = CallAttempts.of(exchange);
            limits = CamelContextHelper.mandatoryLookup(exchange.getContext(), api, ApiLimits.class);
            standing = run.standing(api);
        }

        /** Whether the service refuses everything, or the run is stopped before that is known. */
        boolean isOfService() throws InterruptedException {
            int many = isByApi() && !standing.hasEverAnswered() ? NOT_BY_CHANCE : HANDFUL;
            while (true) {
                switch (standing.othersSince(attempts.getLastTryAt())) {
                    case ANSWERED -> {
                        limits.endDoubt(run);
                        return false;
                    }
                    case REFUSED -> {
                        return true;
                    }
                    default -> {}
                }
                if (run.isStopped()) {
                    return true;
                }
                boolean idle =
                        limits.status().getInFlight() == 0 && System.nanoTime() - standing.getLastEnd() > IDLE_NANOS;
                if ((standing.getRefused() >= many || idle) && limits.probe().start()) {
                    try {
                        // Another contract may have asked until now.
                        if (standing.othersSince(attempts.getLastTryAt()) == ApiStanding.Others.UNKNOWN) {
                            return isRefusedWithKnown();
                        }
                    } finally {
                        standing.endOutage();
                        limits.probe().end();
                    }
                }
                standing.await(LOOK_AROUND_MILLIS);
            }
        }

        /** Whether the API finds fault with the record in words. */
        private boolean isByApi() {
            return failure instanceof InvalidRecord rejected && rejected.getSource() == InvalidRecord.Source.API;
        }

        /** Whether the API does not have the record, which may be so for each record of a short feed. */
        private boolean isMissing() {
            return failure instanceof InvalidRecord rejected
                    && rejected.getReason().startsWith("404");
        }

        private boolean isRefusedWithKnown() throws InterruptedException {
            List<Contract> known = probe.known(exchange, standing);
            boolean refused = false;
            for (Contract contract : known) {
                Throwable failed =
                        probe.ask(exchange, limits.getRoute(), contract).getException();
                if (failed == null) {
                    // Where one was refused and the next one is not, an outage may just have ended.
                    return refused;
                }
                if (failed instanceof InvalidRecord || failed instanceof Unauthorized) {
                    refused = true;
                    standing.beginOutage();
                } else if (run.isStopped()) {
                    return true;
                }
            }
            if (!refused && !known.isEmpty()) {
                // The service is unavailable for them, which says nothing about this one.
                return true;
            }
            if (known.isEmpty()
                    && isByApi()
                    && standing.getRefused() < NOT_BY_CHANCE
                    && (isMissing() || !standing.areRefusedAlike())) {
                // Nothing else can be asked for, and the API says itself what is wrong with this one, but not of each
                // of them.
                return false;
            }
            endOrOutlast(known);
            return true;
        }

        /** Every record is refused: stops the run, unless that may pass and does. */
        private void endOrOutlast(List<Contract> known) throws InterruptedException {
            standing.beginOutage();
            limits.markOutage();
            if (failure instanceof Unauthorized) {
                run.giveUp(api, Advice.about(api, failure, false));
                return;
            }
            Duration longest =
                    !isByApi() ? maxWait : standing.hasEverAnswered() ? min(SHORT_OUTAGE, maxWait) : Duration.ZERO;
            if (!isOutlasted(known, longest) && !run.isStopped()) {
                run.giveUp(api, "no record is answered: " + Advice.about(api, failure, false));
            } else if (run.isStopped()) {
                run.giveUp(api, run.getStopReason());
            }
        }

        private boolean isOutlasted(List<Contract> known, Duration longest) throws InterruptedException {
            long begin = System.nanoTime();
            Duration pause = FIRST_PAUSE;
            if (!longest.isZero()) {
                LOG.warn("{}: no record is answered, probing with one call at a time: {}", api, failure.getMessage());
            }
            while (System.nanoTime() - begin < longest.toNanos()
                    && !run.isStopped()
                    && !run.giveUpWaiting(api, maxWait)) {
                TimeUnit.NANOSECONDS.sleep(Math.min(pause.toNanos(), longest.toNanos()));
                pause = min(pause.multipliedBy(2), LONGEST_PAUSE);
                if (probe.ask(exchange, limits.getRoute(), any(known)).getException() == null) {
                    LOG.info("{} answers again", api);
                    return true;
                }
            }
            return false;
        }

        private Contract any(List<Contract> known) {
            Contract asked = exchange.getVariable("contract", Contract.class);
            return known.isEmpty()
                    ? new Contract(0, asked.getContractId(), asked.getCustomerId())
                    : known.get(ThreadLocalRandom.current().nextInt(known.size()));
        }
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
