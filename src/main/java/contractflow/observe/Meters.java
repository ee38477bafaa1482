package contractflow.observe;

import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.apache.camel.component.micrometer.MicrometerConstants;

/** What this process counts and measures. The names are explained in docs/monitoring. */
public final class Meters extends PrometheusMeterRegistry {

    public Meters() {
        super(PrometheusConfig.DEFAULT);
        // Camel adds its own name to what a route counts. There is one Camel in a process.
        config().meterFilter(MeterFilter.ignoreTags(MicrometerConstants.CAMEL_CONTEXT_TAG));
        // Micrometer gives these names against the rules of Prometheus, and other metrics say the same.
        config().meterFilter(MeterFilter.denyNameStartsWith("process.cpu.time"));
        config().meterFilter(MeterFilter.denyNameStartsWith("system.cpu.count"));
    }
}
