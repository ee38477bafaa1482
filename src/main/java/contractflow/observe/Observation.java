package contractflow.observe;

import contractflow.api.limits.ApiLimits;
import contractflow.feed.folder.FeedFolder;
import contractflow.run.Runs;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.component.micrometer.MicrometerConstants;
import org.apache.camel.support.CamelContextHelper;

/** Lets the limits, the runs and the warehouse be seen from outside, once the routes have brought them. */
public final class Observation implements CamelConfiguration {

    @Override
    public void configure(CamelContext camel) throws Exception {
        camel.addStartupListener((started, alreadyStarted) -> {
            // Camel says so again for each file of routes that is added later.
            if (!alreadyStarted) {
                observe(started);
            }
        });
    }

    /** Those that are seen are about to be replaced. What was counted of them goes on. */
    public static void forget(CamelContext camel) {
        MeterRegistry meters = meters(camel);
        meters.getMeters().stream()
                .filter(meter -> meter instanceof Gauge || meter instanceof FunctionCounter)
                .filter(meter -> meter.getId().getName().startsWith("contractflow."))
                .forEach(meters::remove);
    }

    private static MeterRegistry meters(CamelContext camel) {
        return CamelContextHelper.mandatoryLookup(
                camel, MicrometerConstants.METRICS_REGISTRY_NAME, MeterRegistry.class);
    }

    public static void observe(CamelContext camel) {
        MeterRegistry meters = meters(camel);
        FeedFolder feeds = CamelContextHelper.findSingleByType(camel, FeedFolder.class);
        Gauge.builder(
                        "contractflow.feeds.passed.over",
                        () -> feeds == null ? 0 : feeds.problems().size())
                .description("Files of feed.directory that cannot be taken, or cannot be moved after their run.")
                .register(meters);
        Runs runs = CamelContextHelper.findSingleByType(camel, Runs.class);
        Progress progress = CamelContextHelper.findSingleByType(camel, Progress.class);
        // Where the work list alone is asked for, there are none.
        if (runs != null && progress != null) {
            camel.getRegistry().findByType(ApiLimits.class).forEach(limits -> limits.measure(meters, runs::inWork));
            new RunMeters(runs, progress).bindTo(meters);
        }
        camel.getRegistry().findByType(LastRuns.class).forEach(lastRuns -> lastRuns.bindTo(meters));
    }
}
