package contractflow;

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
        Gauge.builder("contractflow.runs.in.progress", this::inProgress).register(registry);
        Gauge.builder("contractflow.runs.late", this::late).register(registry);
        Gauge.builder("contractflow.run.remaining", this::secondsLeft).baseUnit("seconds").register(registry);
        Gauge.builder("contractflow.feed.rows", this::rows).register(registry);
        Gauge.builder("contractflow.feed.rows.pending", this::pending).register(registry);
    }

    private long inProgress() {
        return runs.inWork().stream().filter(Run.class::isInstance).count();
    }

    private long late() {
        return progress.states().stream().filter(RunState::late).count();
    }

    /** Until the last of them is done; not a number where nobody can tell. */
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
        return progress.states().stream().mapToLong(state -> state.rows() - state.done()).sum();
    }
}
