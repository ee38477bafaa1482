package contractflow;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.apache.camel.component.micrometer.MicrometerConstants;

/** What this process counts and measures. The names are explained in docs/monitoring. */
public final class Meters extends PrometheusMeterRegistry {

    /** What the routes count and measure; without a sample from the start, the first increase of a series would not be seen. */
    private static final String[] OUTCOMES = {"loaded", "unchanged", "dead", "duplicate"};
    private static final String[] STAGES = {"feed", "netsuite", "usage", "load"};

    public Meters() {
        super(PrometheusConfig.DEFAULT);
        // Camel adds its own name to whatever a route counts. There is one Camel in a process.
        config().meterFilter(MeterFilter.ignoreTags(MicrometerConstants.CAMEL_CONTEXT_TAG));
        // Micrometer gives these names against the rules of Prometheus, and other metrics say the same.
        config().meterFilter(MeterFilter.denyNameStartsWith("process.cpu.time"));
        config().meterFilter(MeterFilter.denyNameStartsWith("system.cpu.count"));
        DistributionSummary.builder("contractflow.batch.contracts")
                .description("Contracts of a batch that was loaded.")
                .register(this);
        Timer.builder("contractflow.batch.duration")
                .description("Time of a batch in the database, one that was refused for its data included.")
                .register(this);
        for (String outcome : OUTCOMES) {
            Counter.builder("contractflow.contracts")
                    .description("Rows of feeds, by their outcome.")
                    .tag("outcome", outcome)
                    .register(this);
        }
        for (String stage : STAGES) {
            Counter.builder("contractflow.dead.letters")
                    .description("Dead letters that this process has written, by the stage that failed.")
                    .tag("stage", stage)
                    .register(this);
        }
    }
}
