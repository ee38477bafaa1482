package contractflow;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.CamelContext;
import org.apache.camel.component.micrometer.MicrometerConstants;

/** What the warehouse said last of the runs that are over, as numbers; a restart of the process does not change them. */
public final class LastRuns {

    private static final String[] STATUSES = {"running", "complete", "incomplete", "failed"};
    private static final String[] STAGES = {"feed", "netsuite", "usage", "load"};

    private volatile Map<String, Object> row;
    private volatile boolean away;

    /** The warehouse has answered. */
    public void take(@Body Map<String, Object> answer, CamelContext camel) {
        boolean first = row == null;
        row = answer;
        away = false;
        if (first) {
            show(camel.getRegistry().lookupByNameAndType(MicrometerConstants.METRICS_REGISTRY_NAME, MeterRegistry.class));
        }
    }

    /** It has not. What it said before still stands. */
    public void away() {
        away = true;
    }

    private void show(MeterRegistry registry) {
        Gauge.builder("contractflow.warehouse.up", () -> away ? 0 : 1).register(registry);
        gauge(registry, "contractflow.last.success.timestamp.seconds", Tags.empty(), "last_success");
        for (String status : STATUSES) {
            gauge(registry, "contractflow.feeds", Tags.of("last_run", status), status);
        }
        for (String stage : STAGES) {
            gauge(registry, "contractflow.dead.letters.open", Tags.of("stage", stage), "dead_at_" + stage);
        }
    }

    private void gauge(MeterRegistry registry, String name, Tags tags, String column) {
        Gauge.builder(name, () -> (Number) row.get(column)).tags(tags).register(registry);
    }
}
