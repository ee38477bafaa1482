package contractflow;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.apache.camel.component.micrometer.MicrometerConstants;

/** What this process counts and measures. The names are explained in docs/monitoring. */
public final class Meters extends PrometheusMeterRegistry {

    /** What the routes count, by label: the first of something would not be seen as an increase else. */
    private static final String[] OUTCOMES = {"loaded", "unchanged", "dead", "duplicate"};
    private static final String[] STAGES = {"feed", "netsuite", "usage", "load"};

    public Meters() {
        super(PrometheusConfig.DEFAULT);
        // Camel adds its own name to whatever a route counts. There is one Camel in a process.
        config().meterFilter(MeterFilter.ignoreTags(MicrometerConstants.CAMEL_CONTEXT_TAG));
        for (String outcome : OUTCOMES) {
            Counter.builder("contractflow.contracts").tag("outcome", outcome).register(this);
        }
        for (String stage : STAGES) {
            Counter.builder("contractflow.dead.letters").tag("stage", stage).register(this);
        }
    }
}
