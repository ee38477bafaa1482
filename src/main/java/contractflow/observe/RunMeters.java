package contractflow.observe;

import contractflow.run.Run;
import contractflow.run.Runs;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Objects;

/** How the runs of this process are going, as numbers. */
final class RunMeters implements MeterBinder {

    private final Runs runs;
    private final Progress progress;

    RunMeters(Runs runs, Progress progress) {
        this.runs = runs;
        this.progress = progress;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("contractflow.runs.in.progress", this::inProgress)
                .description("Runs that this process works on.")
                .register(registry);
        Gauge.builder("contractflow.runs.late", this::late)
                .description("Runs of this process that will miss run.deadline at their present rate.")
                .register(registry);
        Gauge.builder("contractflow.run.remaining", this::secondsLeft)
                .description(
                        "Time until the last run of this process is done, at its present rate; NaN while that is unknown.")
                .baseUnit("seconds")
                .register(registry);
        Gauge.builder("contractflow.feed.rows", this::rows)
                .description("Rows of the feeds that this process works on.")
                .register(registry);
        Gauge.builder("contractflow.feed.rows.pending", this::pending)
                .description("Rows of these feeds whose outcome is not in the database yet.")
                .register(registry);
    }

    private long inProgress() {
        return runs.inWork().stream().filter(Run.class::isInstance).count();
    }

    private long late() {
        return progress.states().stream().filter(RunState::late).count();
    }

    /** Until the last of them is done; not a number where that is unknown. */
    private double secondsLeft() {
        return progress.states().stream()
                .map(RunState::secondsLeft)
                .filter(Objects::nonNull)
                .mapToDouble(Long::doubleValue)
                .max()
                .orElse(Double.NaN);
    }

    private long rows() {
        return progress.states().stream().mapToLong(RunState::rows).sum();
    }

    private long pending() {
        return progress.states().stream()
                .mapToLong(state -> state.rows() - state.done())
                .sum();
    }
}
