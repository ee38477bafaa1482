package contractflow.api.limits;

import contractflow.api.job.Job;
import contractflow.failure.api.ServiceUnavailable;
import contractflow.failure.api.TokenUnavailable;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import org.apache.camel.Exchange;

/** What is counted and measured of the calls to one API. */
final class ApiMeters {

    private static final String API = "api";

    /** From an answer out of a cache to the longest timeout that makes sense. */
    private static final Duration[] BUCKETS = LongStream.of(
                    50, 100, 200, 300, 400, 500, 750, 1_000, 1_500, 2_000, 3_000, 5_000, 10_000, 30_000, 60_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    private static final CircuitBreaker.State[] BREAKER_STATES = {
        CircuitBreaker.State.CLOSED, CircuitBreaker.State.OPEN, CircuitBreaker.State.HALF_OPEN
    };

    private final MeterRegistry registry;
    private final String api;
    private final Timer duration;
    private final Counter retries;
    private final Counter records;

    /** One for each status that has come up, so that the registry is not searched for each call. */
    private final Map<String, Counter> calls = new ConcurrentHashMap<>();

    /**
     * @param registry an empty composite where no metrics are exported
     */
    ApiMeters(String api, MeterRegistry registry) {
        this.registry = registry;
        this.api = api;
        duration = Timer.builder("contractflow.call.duration")
                .description(
                        "Time from the request to the last byte of the answer; waiting for a slot or for the rate is not in it.")
                .serviceLevelObjectives(BUCKETS)
                .tag(API, api)
                .register(registry);
        records = Counter.builder("contractflow.records.asked")
                .description("Contracts or customers that the calls asked for.")
                .tag(API, api)
                .register(registry);
        retries = Counter.builder("contractflow.retries")
                .description("Calls that were made again, after a failure or a refusal.")
                .tag(API, api)
                .register(registry);
    }

    /**
     * Lets the limits and their state be seen.
     *
     * @param jobs those that this process works on
     */
    void watch(ApiStatus status, Supplier<? extends Collection<Job>> jobs) {
        gauge("contractflow.calls.in.flight", "Calls that wait for an answer.", status, ApiStatus::getInFlight);
        gauge(
                "contractflow.concurrency.limit",
                "Most calls in flight at present; a refusal lowers it to what the API accepted, trials raise it again.",
                status,
                ApiStatus::getLimit);
        gauge(
                "contractflow.concurrency.setting",
                "Most calls in flight by the settings.",
                status,
                ApiStatus::getConcurrency);
        gauge(
                "contractflow.requests.per.second.limit",
                "Most calls a second at present, learnt in the same way.",
                status,
                ApiStatus::getRate);
        gauge(
                "contractflow.requests.per.second.setting",
                "Most calls a second by the settings.",
                status,
                ApiStatus::getRequestsPerSecond);
        for (CircuitBreaker.State state : BREAKER_STATES) {
            Gauge.builder("contractflow.breaker.state", status, s -> s.breakerState(jobs.get()) == state ? 1 : 0)
                    .description(
                            "1 for the state of the circuit breaker while calls are wanted; closed while none is wanted.")
                    .tag(API, api)
                    .tag("state", state.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        FunctionCounter.builder("contractflow.pauses", status, ApiStatus::getPauses)
                .description("Pauses that began because an API refused calls for going too fast.")
                .tag(API, api)
                .register(registry);
        FunctionCounter.builder(
                        "contractflow.paused", status, s -> (double) s.getPausedNanos() / TimeUnit.SECONDS.toNanos(1))
                .description("How long these pauses were, all together.")
                .baseUnit("seconds")
                .tag(API, api)
                .register(registry);
    }

    private void gauge(String name, String description, ApiStatus status, ToDoubleFunction<ApiStatus> value) {
        Gauge.builder(name, status, value)
                .description(description)
                .tag(API, api)
                .register(registry);
    }

    /** A call has ended. */
    void called(Exchange exchange, Throwable failure, int asked, long nanos) {
        records.increment(asked);
        duration.record(nanos, TimeUnit.NANOSECONDS);
        calls.computeIfAbsent(status(exchange, failure), this::callsWith).increment();
    }

    private Counter callsWith(String status) {
        return Counter.builder("contractflow.calls")
                .description("Calls to an API, by the status of their answer.")
                .tag(API, api)
                .tag("status", status)
                .register(registry);
    }

    /** What failed before is asked for again. */
    void retried() {
        retries.increment();
    }

    /** The status of the answer, or a word for what came instead of a usable one. */
    private static String status(Exchange exchange, Throwable failure) {
        if (failure instanceof InterruptedIOException) {
            return "timeout";
        }
        if (failure instanceof TokenUnavailable) {
            return "no_token";
        }
        // A breaker leaves nothing of a message that has failed in it.
        int status = failure instanceof ServiceUnavailable unavailable
                ? unavailable.getStatus()
                : exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, 0, Integer.class);
        if (status < 100 || status > 599) {
            return "no_answer";
        }
        // A page in place of a record is an outage, whatever its status says.
        return status == 200 && failure instanceof ServiceUnavailable ? "unusable" : String.valueOf(status);
    }
}
