package contractflow.observe;

import static org.assertj.core.api.Assertions.assertThat;

import contractflow.feed.Feed;
import contractflow.run.DeadBudget;
import contractflow.run.Run;
import contractflow.support.CapturedLog;
import contractflow.support.TurnableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long a run will take is estimated from how fast it was of late. */
class ProgressTest {

    private final CamelContext camel = new DefaultCamelContext();
    private final TurnableClock clock = new TurnableClock();
    private final Progress progress = new Progress();
    private final Run run = run(clock.instant().plusSeconds(100));

    @BeforeEach
    void watch() {
        progress.setClock(clock);
        run.setRows(1000);
        progress.show(run, camel);
    }

    @Test
    void timeLeftFollowsTheRecentRate() {
        pass(60, 1);
        assertThat(state()).returns(1.0, RunState::perSecond).returns(940L, RunState::secondsLeft);

        pass(31, 20);
        assertThat(state())
                .returns(20.0, RunState::perSecond)
                .returns(16L, RunState::secondsLeft)
                .returns(68L, RunState::percent);
    }

    @Test
    void nothingIsForetoldFromTheFirstSeconds() {
        pass(4, 1);
        assertThat(state().secondsLeft()).isNull();
        assertThat(state().late()).isFalse();
    }

    @Test
    void missedDeadline_isLoggedOnceAsSoonAsItIsForeseen() {
        try (CapturedLog log = CapturedLog.listen()) {
            pass(10, 20);
            assertThat(state().late()).isFalse();
            assertThat(log.lines()).isEmpty();

            pass(31, 5);
            assertThat(state().late()).isTrue();
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .matches(
                            "WARN run 7 will miss its deadline of 2026-11-24T01:01:40Z: 695 of 1000 rows are left, which takes 0:01:13 as it goes");
        }
    }

    @Test
    void pauseIsNoReasonToExpectThatNothingGoesOn() {
        pass(10, 50);
        pass(31, 0);

        assertThat(state())
                .returns(0.0, RunState::perSecond)
                .returns(41L, RunState::secondsLeft)
                .returns(false, RunState::late);
        pass(40, 0);
        assertThat(state().late()).as("a pause that lasts").isTrue();
    }

    @Test
    void runThatIsOverIsShownNoMore() {
        run.loaded(1000);

        assertThat(progress.last(run, camel)).returns(100L, RunState::percent).returns(0L, RunState::secondsLeft);
        assertThat(progress.observe(camel)).isEmpty();
    }

    /** Lets so many seconds pass, in each of which so many rows are loaded. */
    private void pass(int seconds, int rowsPerSecond) {
        for (int second = 0; second < seconds; second++) {
            clock.turn(Duration.ofSeconds(1));
            run.loaded(rowsPerSecond);
            progress.observe(camel);
        }
    }

    private RunState state() {
        return progress.states().get(0);
    }

    private static Run run(Instant deadline) {
        Feed feed = new Feed(Path.of("contracts.csv"), Feed.Format.CSV, "0");
        return new Run(
                feed,
                Map.of("run_id", 7L, "usage_period", "2026-10", "resumed", false),
                deadline,
                new DeadBudget(100, 1));
    }
}
