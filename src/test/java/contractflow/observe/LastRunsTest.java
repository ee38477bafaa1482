package contractflow.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The warehouse is up while its answers come, and not for as long as no failure does. */
class LastRunsTest {

    private final AtomicLong nanos = new AtomicLong();
    private final LastRuns lastRuns = new LastRuns(nanos::get);
    private final MeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void warehouseThatDoesNotAnswerIsNotUp() {
        lastRuns.bindTo(registry);
        assertThat(up()).as("before the first answer").isZero();
        lastRuns.take(Map.of("last_success", 1.0));
        assertThat(up()).isEqualTo(1);
        nanos.addAndGet(Duration.ofSeconds(15).toNanos());
        assertThat(up()).isEqualTo(1);
        nanos.addAndGet(Duration.ofSeconds(15).toNanos());
        assertThat(up()).as("while a question hangs").isZero();
        lastRuns.take(Map.of("last_success", 2.0));
        assertThat(up()).isEqualTo(1);
        lastRuns.unavailable();
        assertThat(up()).isZero();
        assertThat(registry.get("contractflow.last.success.timestamp.seconds")
                        .gauge()
                        .value())
                .as("what was known")
                .isEqualTo(2);
    }

    private double up() {
        return registry.get("contractflow.warehouse.up").gauge().value();
    }
}
