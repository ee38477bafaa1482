package contractflow.observe;

import contractflow.contract.DeadLetter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/** Counts contracts by their outcome, and measures batches. The names are explained in docs/monitoring. */
public final class ContractMetrics {

    private static final String[] OUTCOMES = {"loaded", "unchanged", "dead", "duplicate"};
    private static final String[] STAGES = {"feed", "netsuite", "usage", "load"};

    /** When the statement of a batch began, in nanoseconds. */
    private static final String STARTED = "contractflow.batch-started";

    private MeterRegistry registry;

    public void setRegistry(MeterRegistry registry) {
        this.registry = registry;
        // Without a sample from the start, the first increase of a series would not be seen.
        batchContracts();
        batchDuration();
        for (String outcome : OUTCOMES) {
            contracts(outcome);
        }
        for (String stage : STAGES) {
            deadLetters(stage);
        }
        removed();
    }

    /** The statement of a batch begins. */
    public void batchStarted(Exchange exchange) {
        exchange.setProperty(STARTED, System.nanoTime());
    }

    /**
     * The batch is in the database.
     *
     * @param written what {@code sql/load-batch.sql} answered
     */
    public void batchLoaded(
            Exchange exchange, @Variable("contracts") List<?> contracts, @Body Map<String, Object> written) {
        measure(exchange);
        batchContracts().record(contracts.size());
        contracts("loaded").increment(number(written, "loaded"));
        contracts("unchanged").increment(number(written, "unchanged"));
    }

    /** The database has refused the batch. */
    public void batchRefused(Exchange exchange) {
        measure(exchange);
    }

    /** A dead letter is in the database. */
    public void deadLettered(@Variable("deadLetter") DeadLetter deadLetter) {
        contracts("dead").increment();
        deadLetters(deadLetter.stage()).increment();
    }

    /** Rows of a feed that cannot be processed are dead letters. */
    public void rowsRejected(@Body Number rows) {
        contracts("dead").increment(rows.doubleValue());
        deadLetters("feed").increment(rows.doubleValue());
    }

    /** The feed is in the database; a later row replaces an earlier one of the same contract. */
    public void feedStored(@Body Map<String, Object> counts) {
        contracts("duplicate").increment(number(counts, "duplicates"));
    }

    /** Contracts of which the table has usage of a later month are left as they are. */
    public void outdated(@Body Map<String, Object> counts) {
        contracts("unchanged").increment(number(counts, "settled"));
    }

    /** Contracts that a feed no longer lists are marked. */
    public void removed(@Body Map<String, Object> marked) {
        removed().increment(number(marked, "removed"));
    }

    private static double number(Map<String, Object> row, String column) {
        return ((Number) row.get(column)).doubleValue();
    }

    private void measure(Exchange exchange) {
        if (exchange.removeProperty(STARTED) instanceof Long started) {
            batchDuration().record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
        }
    }

    private Counter contracts(String outcome) {
        return Counter.builder("contractflow.contracts")
                .description("Rows of feeds, by their outcome.")
                .tag("outcome", outcome)
                .register(registry);
    }

    private Counter removed() {
        return Counter.builder("contractflow.contracts.removed")
                .description("Contracts that were marked as removed, since a full feed does not list them any more.")
                .register(registry);
    }

    private Counter deadLetters(String stage) {
        return Counter.builder("contractflow.dead.letters")
                .description("Dead letters that this process has written, by the stage that failed.")
                .tag("stage", stage)
                .register(registry);
    }

    private DistributionSummary batchContracts() {
        return DistributionSummary.builder("contractflow.batch.contracts")
                .description("Contracts of a batch that was loaded.")
                .register(registry);
    }

    private Timer batchDuration() {
        return Timer.builder("contractflow.batch.duration")
                .description("Time of a batch in the database, one that was refused for its data included.")
                .register(registry);
    }
}
