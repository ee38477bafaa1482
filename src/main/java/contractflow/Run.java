package contractflow;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/** One pass over one feed, as this process sees it. What became of its contracts only the database knows. */
public final class Run {

    /** The name under which the database is waited for. */
    static final String WAREHOUSE = "the warehouse";

    private final long id;
    private final Feed feed;
    private final YearMonth usagePeriod;
    private final Instant deadline;
    private final DeadBudget deadBudget;
    private final boolean resumed;
    private final boolean feedStored;
    private final long startedAt = System.nanoTime();
    private final AtomicReference<String> stopReason = new AtomicReference<>();
    private final LongAdder enriched = new LongAdder();
    private final LongAdder done = new LongAdder();
    private final LongAdder dead = new LongAdder();
    private final Map<String, Calls> calls = new ConcurrentSkipListMap<>();
    private final Map<String, Long> answers = new ConcurrentHashMap<>();
    private final Map<String, Miss> misses = new ConcurrentHashMap<>();
    private volatile long stoppedAt;
    private volatile long rows;
    private volatile long accounted;
    private volatile long deadBefore;

    /**
     * @param row what {@code sql/open-run.sql} answered
     * @param deadline when to take on no more contracts, or null
     */
    Run(Feed feed, Map<String, Object> row, Instant deadline, DeadBudget deadBudget) {
        this.deadline = deadline;
        this.deadBudget = deadBudget;
        this.id = ((Number) row.get("run_id")).longValue();
        this.feed = feed;
        this.usagePeriod = YearMonth.parse((String) row.get("usage_period"));
        this.resumed = (Boolean) row.get("resumed");
        this.feedStored = row.get("rows") != null;
        if (feedStored) {
            rows = ((Number) row.get("rows")).longValue();
        }
    }

    public long getId() {
        return id;
    }

    public Feed getFeed() {
        return feed;
    }

    public boolean isResumed() {
        return resumed;
    }

    /** Whether an earlier start had the whole feed in the database, so that the file need not be read again. */
    public boolean isFeedStored() {
        return feedStored;
    }

    /** The month whose usage is asked for, such as 2026-10. It stays the same when the run is resumed in another month. */
    public String getUsagePeriod() {
        return usagePeriod.toString();
    }

    /** The month's first moment, UTC, RFC 3339. */
    public String getUsageFrom() {
        return usagePeriod + "-01T00:00:00Z";
    }

    /** The first moment after the month, UTC, RFC 3339. */
    public String getUsageTo() {
        return usagePeriod.plusMonths(1) + "-01T00:00:00Z";
    }

    /** Rows of the feed. */
    public long getRows() {
        return rows;
    }

    void setRows(long rows) {
        this.rows = rows;
    }

    /**
     * @param accounted rows that needed no work when the run was opened
     * @param dead those of them that are dead letters
     */
    void setAccounted(long accounted, long dead) {
        this.accounted = accounted;
        this.deadBefore = dead;
    }

    /** Rows whose fate is in the database. */
    public long getDone() {
        return accounted + done.sum();
    }

    /** Rows that this process has brought into the database since it opened the run. */
    public long getDoneHere() {
        return done.sum();
    }

    public long getDead() {
        return deadBefore + dead.sum();
    }

    void enriched() {
        enriched.increment();
    }

    void loaded(long contracts) {
        done.add(contracts);
        misses.remove(WAREHOUSE);
    }

    void condemned() {
        done.increment();
        dead.increment();
        misses.remove(WAREHOUSE);
        // What waits for its batch is through as well.
        long through = enriched.sum() + dead.sum();
        if (deadBudget.isExceeded(dead.sum(), through)) {
            stop(deadBudget.reason(dead.sum(), through));
        }
    }

    /** So many rows of the feed are defective, which may be too many already. */
    void foundDefective(long defective) {
        if (deadBudget.isExceeded(defective, rows)) {
            stop(deadBudget.reason(defective, rows));
        }
    }

    /** Seconds since this process opened the run. */
    public BigDecimal getSeconds() {
        return BigDecimal.valueOf(System.nanoTime() - startedAt, 9).setScale(1, RoundingMode.HALF_UP);
    }

    /** Takes on no more contracts. The first reason stands. */
    public void stop(String reason) {
        if (stopReason.get() == null) {
            stoppedAt = System.nanoTime();
        }
        stopReason.compareAndSet(null, reason);
    }

    /** Why the run takes on no more contracts; null while it does. */
    public String getStopReason() {
        return stopReason.get();
    }

    public boolean isStopped() {
        if (deadline != null && stopReason.get() == null && Instant.now().isAfter(deadline)) {
            stop("the deadline of " + deadline + " has come");
        }
        return stopReason.get() != null;
    }

    boolean isStoppedFor(Duration time) {
        return isStopped() && System.nanoTime() - stoppedAt > time.toNanos();
    }

    /** The API has brought no answer. Waiting for it starts with the first time. */
    void missed(String api, Throwable failure) {
        String last = WarehouseFault.message(failure);
        misses.compute(api, (name, miss) -> new Miss(miss == null ? System.nanoTime() : miss.since(), last));
    }

    void answered(String api) {
        misses.remove(api);
        answers.put(api, System.nanoTime());
    }

    /** Whether the API has answered anybody since that time of {@link System#nanoTime()}. */
    boolean isAnsweredSince(String api, long time) {
        Long answered = answers.get(api);
        return answered != null && answered - time > 0;
    }

    /**
     * Stops the run where an API has brought no answer for too long.
     *
     * @param maxWait how long is bearable
     * @return whether it was too long
     */
    boolean giveUpWaiting(String api, Duration maxWait) {
        Miss miss = misses.get(api);
        boolean tooLong = miss != null && System.nanoTime() - miss.since() > maxWait.toNanos();
        if (tooLong) {
            stop(api + " has been away for more than " + maxWait.toSeconds() + " s: " + miss.last());
        }
        return tooLong;
    }

    private record Miss(long since, String last) {}

    void called(String api, long nanos) {
        calls.computeIfAbsent(api, Calls::new).add(nanos);
    }

    /** The calls that this process has made for the run, by API. */
    public Collection<Calls> getCalls() {
        return calls.values();
    }

    @Override
    public String toString() {
        return "run " + id;
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

        /** From the request to the answer's last byte; waiting for a turn is not in it. */
        public BigDecimal getMeanLatencyMillis() {
            double millis = (double) nanos.sum() / TimeUnit.MILLISECONDS.toNanos(1) / Math.max(1, count.sum());
            return BigDecimal.valueOf(millis).setScale(1, RoundingMode.HALF_UP);
        }
    }
}
