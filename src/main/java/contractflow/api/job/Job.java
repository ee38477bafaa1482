package contractflow.api.job;

import contractflow.failure.WarehouseFault;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Work that asks the APIs, as this process sees it: it can be stopped, and ends when it has waited too long. */
public abstract class Job {

    /** The name under which the database is waited for. */
    public static final String WAREHOUSE = "the warehouse";

    /** A try that fails so long after the one before belongs to another outage: what had failed has succeeded in between. */
    private static final Duration LONGEST_TRY = Duration.ofMinutes(6);

    private final AtomicReference<String> stopReason = new AtomicReference<>();
    private final Map<String, Calls> calls = new ConcurrentSkipListMap<>();
    private final Map<String, Long> answers = new ConcurrentHashMap<>();
    private final Map<String, Miss> misses = new ConcurrentHashMap<>();
    private final Map<String, Duration> maxWaits = new ConcurrentHashMap<>();
    private final Map<String, ApiStanding> standings = new ConcurrentHashMap<>();
    private final Map<String, LookupStanding> lookups = new ConcurrentHashMap<>();
    private final Set<String> givenUp = ConcurrentHashMap.newKeySet();
    private volatile long stoppedAt;

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

    /** Stops, and has nothing more asked of the API, not even for the contracts that are in flight. */
    public void giveUp(String api, String reason) {
        stop(reason);
        givenUp.add(api);
    }

    public boolean hasGivenUp(String api) {
        return givenUp.contains(api);
    }

    /** What the API has answered it of late. */
    public ApiStanding standing(String api) {
        return standings.computeIfAbsent(api, unknown -> new ApiStanding());
    }

    /** What the API has answered it where many records were asked for in a call. */
    public LookupStanding lookups(String api) {
        return lookups.computeIfAbsent(api, unknown -> new LookupStanding());
    }

    public boolean isStoppedFor(Duration time) {
        return isStopped() && System.nanoTime() - stoppedAt > time.toNanos();
    }

    /**
     * The API has brought no answer. Waiting for it starts with the first time.
     *
     * @return whether it is the first time
     */
    public boolean missed(String api, Throwable failure) {
        return missed(api, "", WarehouseFault.message(failure), Long.MAX_VALUE);
    }

    /**
     * The warehouse has brought no answer.
     *
     * @param until what it is waited for, in words such as "until it is available"
     * @param message of the failure, on one line
     * @return whether this is waited for the first time
     */
    public boolean missedWarehouse(String until, String message) {
        return missed(WAREHOUSE, until, message, LONGEST_TRY.toNanos());
    }

    private boolean missed(String name, String until, String message, long longestTry) {
        long now = System.nanoTime();
        Miss first = new Miss(now, now, message, until, ConcurrentHashMap.newKeySet());
        return misses.merge(
                        name,
                        first,
                        (before, latest) -> now - before.last() > longestTry
                                ? latest
                                : new Miss(before.since(), now, message, until, before.logged()))
                .logged()
                .add(until);
    }

    /**
     * The API has brought an answer.
     *
     * @return whether it had brought none before
     */
    public boolean answered(String api) {
        answers.put(api, System.nanoTime());
        return misses.remove(api) != null;
    }

    /** Whether it waits for the API to bring an answer again. */
    public boolean isWaitingFor(String api) {
        return misses.containsKey(api);
    }

    /** Whether the API has answered anybody since that time of {@link System#nanoTime()}. */
    public boolean isAnsweredSince(String api, long time) {
        Long answered = answers.get(api);
        return answered != null && answered - time > 0;
    }

    /**
     * Stops where an API has brought no answer for too long.
     *
     * @param maxWait how long is bearable
     * @return whether it was too long
     */
    public boolean giveUpWaiting(String api, Duration maxWait) {
        maxWaits.put(api, maxWait);
        Miss miss = misses.get(api);
        boolean tooLong = miss != null && System.nanoTime() - miss.since() > maxWait.toNanos();
        if (tooLong) {
            boolean lock = miss.until().equals(WarehouseFault.Kind.LOCK.words());
            stop(api + (lock ? " has been locked" : " has been unavailable") + " for more than " + maxWait.toSeconds()
                    + " s: " + miss.message());
        }
        return tooLong;
    }

    /** Whether the API has brought no answer for at least so long at that time of {@link System#nanoTime()}. */
    public boolean hasWaited(String api, Duration time, long at) {
        Miss miss = misses.get(api);
        return miss != null && at - miss.since() >= time.toNanos();
    }

    /** Since when the API or the warehouse has brought no answer; null where it has. */
    public Outage outage(String name) {
        Miss miss = misses.get(name);
        if (miss == null) {
            return null;
        }
        Instant since = Instant.now().minusNanos(System.nanoTime() - miss.since());
        Duration bearable = maxWaits.get(name);
        return Outage.of(since, bearable == null ? null : since.plus(bearable), miss.message());
    }

    /** What the warehouse is waited for, and for how long; null where it is not. */
    public String waitingForWarehouse() {
        Miss miss = misses.get(WAREHOUSE);
        return miss == null
                ? null
                : "warehouse: waited for " + miss.until() + ", for "
                        + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - miss.since()) + " s";
    }

    /**
     * @param last when it failed last
     * @param until what is waited for since then
     * @param logged what of it was logged
     */
    private record Miss(long since, long last, String message, String until, Set<String> logged) {}

    /** What it asked that API for. */
    public Calls callsOf(String api) {
        return calls.computeIfAbsent(api, Calls::new);
    }

    /** The calls that this process has made for it, by API. */
    public Collection<Calls> getCalls() {
        return calls.values().stream().filter(Calls::isMade).toList();
    }
}
