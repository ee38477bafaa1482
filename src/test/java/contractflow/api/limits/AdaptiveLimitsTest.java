package contractflow.api.limits;

import static org.assertj.core.api.Assertions.assertThat;

import contractflow.api.adaptive.SimulatedRun;
import contractflow.failure.api.Refusal;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A run whose settings allow more than the API bears takes little longer than with the right ones, and hardly a call is refused. On a
 * virtual clock, each scenario by ten different chances.
 */
class AdaptiveLimitsTest {

    private static final Refusal.Limit[] SAID = {Refusal.Limit.CONCURRENCY, Refusal.Limit.UNKNOWN};

    private static Arguments scenario(String name, Consumer<SimulatedRun> what) {
        return Arguments.of(name, what);
    }

    private static Consumer<SimulatedRun> concurrency(int most) {
        return run -> run.trueConcurrency = second -> most;
    }

    private static Consumer<SimulatedRun> change(int from, int to) {
        return run -> {
            run.calls = 1200;
            run.trueConcurrency = second -> second < from || second >= to ? 15 : 5;
        };
    }

    private static Consumer<SimulatedRun> latency(int millis, int calls) {
        return run -> {
            run.latencyMillis = millis;
            run.calls = calls;
        };
    }

    static Stream<Arguments> concurrencies() {
        return Stream.of(
                scenario("1 of 15", concurrency(1)),
                scenario("2 of 15", concurrency(2)),
                scenario("5 of 15", concurrency(5)),
                scenario("10 of 15", concurrency(10)),
                scenario("14 of 15", concurrency(14)),
                scenario("15 of 15", concurrency(15)),
                scenario(
                        "20 of 50",
                        concurrency(20).andThen(run -> run.concurrency = 50).andThen(latency(300, 2000))),
                scenario("5 of 15, 200 calls", concurrency(5).andThen(latency(300, 200))),
                scenario("10 of 15, 250 calls", concurrency(10).andThen(latency(300, 250))),
                scenario(
                        "5 of 15, answers in 50 ms",
                        concurrency(5).andThen(latency(50, 2000)).andThen(run -> run.perSecond = 1000)),
                scenario(
                        "10 of 50, answers in 50 ms, just at the rate",
                        concurrency(10).andThen(latency(50, 4000)).andThen(run -> {
                            run.concurrency = 50;
                            run.perSecond = 200;
                        })),
                scenario("5 of 15, answers in 2 s", concurrency(5).andThen(latency(2000, 500))),
                scenario("5 of 15, answers in 30 to 570 ms", concurrency(5).andThen(run -> run.jitter = 0.9)),
                scenario("15, 5 from the 10th to the 20th second, 15", change(10, 20)),
                scenario("15, 5 from the 10th to the 40th second, 15", change(10, 40)),
                scenario("5, then 15", change(0, 30)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("concurrencies")
    void concurrencyThatIsSetTooHighCostsLittle(String name, Consumer<SimulatedRun> scenario) {
        for (Refusal.Limit said : SAID) {
            for (int retryAfter = 0; retryAfter <= 2; retryAfter++) {
                for (int seed = 1; seed <= 10; seed++) {
                    assertBears(scenario, said, retryAfter, seed);
                }
            }
        }
    }

    /** As nginx and others do that limit connections: a 503 without a code, or a closed connection, says nothing about a limit. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("concurrencies")
    void concurrencyThatIsRefusedAsAnOutageCostsLittleAndNoRecord(String name, Consumer<SimulatedRun> scenario) {
        for (int seed = 1; seed <= 10; seed++) {
            assertBears(scenario.andThen(run -> run.unavailable = true), Refusal.Limit.UNKNOWN, 0, seed);
        }
    }

    /** One of two nodes is down: fewer calls at once would help nothing, and no record is at fault. */
    @Test
    void callsThatFailByChanceCostNoRecord() {
        for (int seed = 1; seed <= 200; seed++) {
            SimulatedRun run = run(
                    simulated -> {
                        simulated.unavailable = true;
                        simulated.refusedByChance = 2;
                        simulated.latencyMillis = 20;
                        simulated.calls = 200;
                    },
                    Refusal.Limit.UNKNOWN,
                    0,
                    seed);
            assertThat(run.dead).as("seed %d: %s", seed, run).isZero();
            assertThat(run.answered).isEqualTo(200);
        }
    }

    static Stream<Arguments> sharedLimits() {
        return Stream.of(
                scenario("10 to 15, another each 3 s", run -> run.trueConcurrency = second -> 10 + second / 3 * 7 % 6),
                scenario("6 to 14, another each 5 s", run -> run.trueConcurrency = second -> 6 + second / 5 * 5 % 9),
                scenario(
                        "15, 1 from the 10th to the 20th second, 15",
                        run -> run.trueConcurrency = second -> second < 10 || second >= 20 ? 15 : 1),
                scenario(
                        "15, for one second out of ten none",
                        run -> run.trueConcurrency = second -> second % 10 == 5 ? -1 : 15));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sharedLimits")
    void limitThatOthersUseAsWellIsFoundAgain(String name, Consumer<SimulatedRun> scenario) {
        for (int seed = 1; seed <= 10; seed++) {
            assertBears(scenario.andThen(run -> run.calls = 2000), Refusal.Limit.CONCURRENCY, 0, seed);
        }
    }

    static Stream<Arguments> rates() {
        return Stream.of(
                scenario("50 a second of 100", latency(50, 2000)),
                scenario("50 a second of 100, 600 calls", latency(50, 600)),
                scenario(
                        "50 a second of 100, in answers of 300 ms",
                        latency(300, 2000).andThen(run -> run.concurrency = 50)),
                scenario(
                        "50 a second of 100, by a bucket of 100 tokens",
                        latency(50, 2000).andThen(run -> run.counting = SimulatedRun.Counting.TOKEN_BUCKET)),
                scenario(
                        "50 a second of 100, in the seconds of a clock",
                        latency(50, 2000).andThen(run -> run.counting = SimulatedRun.Counting.FIXED_SECOND)),
                scenario("10 a second of 100", latency(50, 500).andThen(run -> run.trueRate = second -> 10)),
                scenario("100 a second of 100", latency(100, 3000).andThen(run -> run.trueRate = second -> 100)),
                scenario(
                        "100, 50 from the 10th to the 30th second, 100",
                        latency(50, 4000)
                                .andThen(run -> run.trueRate = second -> second < 10 || second >= 30 ? 100 : 50)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rates")
    void rateThatIsSetTooHighCostsLittle(String name, Consumer<SimulatedRun> scenario) {
        Consumer<SimulatedRun> half = run -> run.trueRate = second -> 50;
        for (Refusal.Limit said : SAID) {
            for (int seed = 1; seed <= 10; seed++) {
                assertBears(half.andThen(scenario), said, 2, seed);
            }
        }
    }

    @Test
    void callsThatAreRefusedByChanceCostLittleMoreThanThemselves() {
        for (int seed = 1; seed <= 10; seed++) {
            SimulatedRun run = run(
                    simulated -> {
                        simulated.refusedByChance = 100;
                        simulated.calls = 2000;
                    },
                    Refusal.Limit.CONCURRENCY,
                    0,
                    seed);
            assertThat(run.ratio()).as("%s", run).isLessThan(1.5);
        }
    }

    private static void assertBears(Consumer<SimulatedRun> scenario, Refusal.Limit said, int retryAfter, int seed) {
        SimulatedRun run = run(scenario, said, retryAfter, seed);
        assertThat(run.ratio())
                .as("%s, Retry-After %d s, seed %d: %s", said, retryAfter, seed, run)
                .isLessThanOrEqualTo(1.5);
        assertThat(run.refusedPercent())
                .as("%s, Retry-After %d s, seed %d: %s", said, retryAfter, seed, run)
                .isLessThanOrEqualTo(5);
        assertThat(run.dead).isZero();
    }

    private static SimulatedRun run(Consumer<SimulatedRun> scenario, Refusal.Limit said, int retryAfter, int seed) {
        SimulatedRun run = new SimulatedRun();
        run.said = said;
        run.retryAfter = retryAfter == 0 ? null : Duration.ofSeconds(retryAfter);
        run.seed = seed;
        scenario.accept(run);
        return run.run();
    }
}
