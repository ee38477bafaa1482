package contractflow;

import io.micrometer.core.instrument.MeterRegistry;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.component.micrometer.MicrometerConstants;
import org.apache.camel.support.CamelContextHelper;

/** Lets the gates and the runs be seen from outside, once the routes have brought them. */
final class Observation implements CamelConfiguration {

    @Override
    public void configure(CamelContext camel) throws Exception {
        camel.addStartupListener((started, alreadyStarted) -> observe(started));
    }

    private static void observe(CamelContext camel) {
        MeterRegistry meters =
                CamelContextHelper.mandatoryLookup(camel, MicrometerConstants.METRICS_REGISTRY_NAME, MeterRegistry.class);
        camel.getRegistry().findByType(ApiGate.class).forEach(gate -> gate.measure(meters));
        Runs runs = CamelContextHelper.findSingleByType(camel, Runs.class);
        Progress progress = CamelContextHelper.findSingleByType(camel, Progress.class);
        // Where the work list alone is asked for, there are none.
        if (runs != null && progress != null) {
            new RunMeters(runs, progress).bindTo(meters);
        }
    }
}
