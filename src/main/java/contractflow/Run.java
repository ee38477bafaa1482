package contractflow;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One pass over one feed, as this process sees it. What became of its contracts only the database knows. */
public final class Run extends Job {

    private static final Logger LOG = LoggerFactory.getLogger(Run.class);

    private final long id;
    private final YearMonth usagePeriod;
    private final Instant deadline;
    private final DeadBudget deadBudget;
    private final boolean resumed;
    private final boolean feedStored;
    private final long startedAt = System.nanoTime();
    private final LongAdder enriched = new LongAdder();
    private final LongAdder done = new LongAdder();
    private final LongAdder dead = new LongAdder();
    private volatile long rows;
    private volatile long accounted;
    private volatile long deadBefore;

    /**
     * @param row what {@code sql/open-run.sql} answered
     * @param deadline when to take on no more contracts, or null
     */
    Run(Feed feed, Map<String, Object> row, Instant deadline, DeadBudget deadBudget) {
        super(feed);
        this.deadline = deadline;
        this.deadBudget = deadBudget;
        this.id = ((Number) row.get("run_id")).longValue();
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
        warehouseAnswered();
    }

    private void warehouseAnswered() {
        if (answered(WAREHOUSE)) {
            LOG.info("{} goes on, the warehouse answers", this);
        }
    }

    void condemned() {
        done.increment();
        dead.increment();
        warehouseAnswered();
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

    /** When it takes on no more contracts; null for never. */
    public Instant getDeadline() {
        return deadline;
    }

    /** Seconds since this process opened the run. */
    public BigDecimal getSeconds() {
        return BigDecimal.valueOf(System.nanoTime() - startedAt, 9).setScale(1, RoundingMode.HALF_UP);
    }

    @Override
    public boolean isStopped() {
        if (getStopReason() == null && isPastDeadline()) {
            stop("the deadline of " + deadline + " has come");
        }
        return super.isStopped();
    }

    boolean isPastDeadline() {
        return deadline != null && Instant.now().isAfter(deadline);
    }

    @Override
    public String toString() {
        return "run " + id;
    }
}
