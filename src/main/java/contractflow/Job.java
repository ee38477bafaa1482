package contractflow;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/** Work that asks the APIs, as this process sees it: it can be stopped, and ends when it has waited too long. */
public abstract class Job {

    /** The name under which the database is waited for. */
    static final String WAREHOUSE = "the warehouse";

    /** A try that fails so long after the one before belongs to another outage: what had failed has succeeded in between. */
    private static final Duration LONGEST_TRY = Duration.ofMinutes(6);

    private final Feed feed;
    private final AtomicReference<String> stopReason = new AtomicReference<>();
    private final Map<String, Calls> calls = new ConcurrentSkipListMap<>();
    private final Map<String, Long> answers = new ConcurrentHashMap<>();
    private final Map<String, Miss> misses = new ConcurrentHashMap<>();
    private volatile long stoppedAt;

    /**
     * @param feed what it works on, which one process does at a time
     */
    Job(Feed feed) {
        this.feed = feed;
    }

    public Feed getFeed() {
        return feed;
    }

    /** Takes on no more work. The first reason stands. */
    public void stop(String reason) {
        if (stopReason.get() == null) {
            stoppedAt = System.nanoTime();
        }
        stopReason.compareAndSet(null, reason);
    }

    /** Why it takes on no more work; null while it does. */
    public String getStopReason() {
        return stopReason.get();
    }

    public boolean isStopped() {
        return stopReason.get() != null;
    }

    boolean isStoppedFor(Duration time) {
        return isStopped() && System.nanoTime() - stoppedAt > time.toNanos();
    }

    /**
     * The API has brought no answer. Waiting for it starts with the first time.
     *
     * @return whether it is the first time
     */
    boolean missed(String api, Throwable failure) {
        return missed(api, "", WarehouseFault.message(failure), Long.MAX_VALUE);
    }

    /**
     * The warehouse has brought no answer.
     *
     * @param until what it is waited for, in words such as "until it is available"
     * @param message of the failure, on one line
     * @return whether this is waited for the first time
     */
    boolean missedWarehouse(String until, String message) {
        return missed(WAREHOUSE, until, message, LONGEST_TRY.toNanos());
    }

    private boolean missed(String name, String until, String message, long longestTry) {
        long now = System.nanoTime();
        Miss first = new Miss(now, now, message, until, ConcurrentHashMap.newKeySet());
        return misses.merge(name, first, (before, latest) ->
                        now - before.last() > longestTry ? latest : new Miss(before.since(), now, message, until, before.told()))
                .told()
                .add(until);
    }

    /**
     * The API has brought an answer.
     *
     * @return whether it had brought none before
     */
    boolean answered(String api) {
        answers.put(api, System.nanoTime());
        return misses.remove(api) != null;
    }

    /** Whether it waits for the API to bring an answer again. */
    boolean isWaitingFor(String api) {
        return misses.containsKey(api);
    }

    /** Whether the API has answered anybody since that time of {@link System#nanoTime()}. */
    boolean isAnsweredSince(String api, long time) {
        Long answered = answers.get(api);
        return answered != null && answered - time > 0;
    }

    /**
     * Stops where an API has brought no answer for too long.
     *
     * @param maxWait how long is bearable
     * @return whether it was too long
     */
    boolean giveUpWaiting(String api, Duration maxWait) {
        Miss miss = misses.get(api);
        boolean tooLong = miss != null && System.nanoTime() - miss.since() > maxWait.toNanos();
        if (tooLong) {
            stop(api + " has been away for more than " + maxWait.toSeconds() + " s: " + miss.message());
        }
        return tooLong;
    }

    /** What the warehouse is waited for, and for how long; null where it is not. */
    String waitingForWarehouse() {
        Miss miss = misses.get(WAREHOUSE);
        return miss == null
                ? null
                : "warehouse: waited for " + miss.until() + ", for " + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - miss.since())
                        + " s";
    }

    /**
     * @param last when it failed last
     * @param until what is waited for since then
     * @param told what of it was logged
     */
    private record Miss(long since, long last, String message, String until, Set<String> told) {}

    void called(String api, long nanos) {
        calls.computeIfAbsent(api, Calls::new).add(nanos);
    }

    Calls callsOf(String api) {
        return calls.getOrDefault(api, new Calls(api));
    }

    /** The calls that this process has made for it, by API. */
    public Collection<Calls> getCalls() {
        return calls.values();
    }

    /** How often an API was asked, and how long it took to answer. */
    public static final class Calls {

        private final String api;
        private final LongAdder count = new LongAdder();
        private final LongAdder nanos = new LongAdder();

        Calls(String api) {
            this.api = api;
        }

        void add(long took) {
            count.increment();
            nanos.add(took);
        }

        public String getApi() {
            return api;
        }

        public long getCount() {
            return count.sum();
        }

        double getSeconds() {
            return (double) nanos.sum() / TimeUnit.SECONDS.toNanos(1);
        }

        /** From the request to the answer's last byte; waiting for a turn is not in it. */
        public BigDecimal getMeanLatencyMillis() {
            double millis = (double) nanos.sum() / TimeUnit.MILLISECONDS.toNanos(1) / Math.max(1, count.sum());
            return BigDecimal.valueOf(millis).setScale(1, RoundingMode.HALF_UP);
        }
    }
}
