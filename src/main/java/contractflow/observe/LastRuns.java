package contractflow.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.camel.Body;

/** What the warehouse said last of the runs that are over, as numbers; a restart of the process does not change them. */
public final class LastRuns implements MeterBinder {

    private static final String[] STATUSES = {"running", "complete", "incomplete", "failed"};
    private static final String[] STAGES = {"feed", "netsuite", "usage", "load"};

    /** A question that is not answered after this is taken for one that will not be, though it has not failed yet. */
    private static final long LONGEST_SILENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final LongSupplier nanoTime;
    private volatile Map<String, Object> row = Map.of();
    private volatile long answeredAt;
    private volatile boolean up;

    public LastRuns() {
        this(System::nanoTime);
    }

    LastRuns(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** The warehouse has answered. */
    public void take(@Body Map<String, Object> answer) {
        row = answer;
        answeredAt = nanoTime.getAsLong();
        up = true;
    }

    /** It has not. What it said before still stands. */
    public void unavailable() {
        up = false;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("contractflow.warehouse.up", () -> isUp() ? 1 : 0)
                .description("1 while the warehouse answers, which is asked every five seconds.")
                .register(registry);
        gauge(
                registry,
                "contractflow.last.success.timestamp.seconds",
                "When the run of a feed was last complete, in any process; 0 for never.",
                Tags.empty(),
                "last_success");
        for (String status : STATUSES) {
            gauge(
                    registry,
                    "contractflow.feeds",
                    "Feeds of the last seven days, by the status of their last run.",
                    Tags.of("last_run", status),
                    status);
        }
        for (String stage : STAGES) {
            gauge(
                    registry,
                    "contractflow.dead.letters.open",
                    "Dead letters that are neither replayed nor discarded.",
                    Tags.of("stage", stage),
                    "dead_at_" + stage);
        }
    }

    private boolean isUp() {
        return up && nanoTime.getAsLong() - answeredAt < LONGEST_SILENCE_NANOS;
    }

    /** Not a number before the first answer. */
    private void gauge(MeterRegistry registry, String name, String description, Tags tags, String column) {
        Gauge.builder(name, () -> (Number) row.getOrDefault(column, Double.NaN))
                .description(description)
                .tags(tags)
                .register(registry);
    }
}
