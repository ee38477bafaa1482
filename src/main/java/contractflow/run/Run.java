package contractflow.run;

import contractflow.failure.FeedChanged;
import contractflow.feed.Feed;
import contractflow.feed.FeedContent;
import contractflow.feed.FeedJob;
import contractflow.feed.FileState;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One pass over one feed, as this process sees it. What became of its contracts only the database knows. */
public final class Run extends FeedJob {

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
    private final LongAdder refused = new LongAdder();
    private final RefusedRows refusedRows = new RefusedRows();
    private volatile long rows;
    private volatile Accounted before = Accounted.NOTHING;
    private volatile long outdated;
    private volatile FileState fileState;
    private volatile FeedContent.Fate feedFate = FeedContent.Fate.SAME;

    /**
     * @param row what {@code sql/run/open-run.sql} answered
     * @param deadline when to take on no more contracts, or null
     */
    public Run(Feed feed, Map<String, Object> row, Instant deadline, DeadBudget deadBudget) {
        super(feed);
        this.deadline = deadline;
        this.deadBudget = deadBudget;
        this.id = ((Number) row.get("run_id")).longValue();
        this.usagePeriod = YearMonth.parse((String) row.get("usage_period"));
        this.resumed = (Boolean) row.get("resumed");
        this.fileState = feed.content().state();
        this.feedStored = row.get("rows") != null;
        if (feedStored) {
            rows = ((Number) row.get("rows")).longValue();
        }
    }

    public long getId() {
        return id;
    }

    /**
     * Takes note of the state of the feed's file.
     *
     * @param now null where there is no file
     * @return whether it is another one than before
     */
    boolean hasNewFileState(FileState now) {
        boolean other = !Objects.equals(now, fileState);
        fileState = now;
        return other;
    }

    /**
     * Takes note of what has become of the content that was read. Where that was not all of it, the run is stopped.
     *
     * @return whether it is something else than before
     */
    boolean setFeedFate(FeedContent.Fate fate) {
        boolean other = feedFate != fate;
        if (feedFate == FeedContent.Fate.CHANGED || !other) {
            return false;
        }
        feedFate = fate;
        if (fate == FeedContent.Fate.CHANGED) {
            stop(getFeedChange());
        }
        return true;
    }

    /** Why the run cannot be complete, whatever became of its rows: they are not all of its feed. Null where they are. */
    public String getFeedChange() {
        return feedFate == FeedContent.Fate.CHANGED
                ? FeedChanged.reason(getFeed().name())
                : null;
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

    public void setRows(long rows) {
        this.rows = rows;
    }

    /**
     * What needed no work when the run was opened, which may have too many dead letters already.
     *
     * @param accounted what {@code sql/run/count-accounted.sql} answered
     */
    void setAccounted(Accounted accounted) {
        before = accounted;
        checkDead();
    }

    /** The rows that the database has refused, while it is not known whether they are at fault. */
    public RefusedRows getRefusedRows() {
        return refusedRows;
    }

    /** Whether the database has ever taken a row of it. */
    boolean hasLoaded() {
        return before.loaded() > 0 || done.sum() > dead.sum();
    }

    /** Contracts that were left as they are before any call, since the table has usage of a later month. */
    public long getOutdated() {
        return outdated;
    }

    void setOutdated(long outdated) {
        this.outdated = outdated;
    }

    /** Rows whose fate is in the database. */
    public long getDone() {
        return before.rows() + done.sum();
    }

    /** Rows that this process has brought into the database since it opened the run. */
    public long getDoneHere() {
        return done.sum();
    }

    public long getDead() {
        return before.dead() + dead.sum();
    }

    void enriched(long contracts) {
        enriched.add(contracts);
    }

    public void loaded(long contracts) {
        done.add(contracts);
        warehouseAnswered();
    }

    private void warehouseAnswered() {
        if (answered(WAREHOUSE)) {
            LOG.info("{} goes on, the warehouse answers", this);
        }
    }

    /**
     * A contract is a dead letter.
     *
     * @param enriched whether it had both answers
     */
    void deadLettered(boolean enriched) {
        done.increment();
        dead.increment();
        if (enriched) {
            refused.increment();
        }
        warehouseAnswered();
        checkDead();
    }

    /** Stops where too many contracts are dead letters, of those that are through or, surely, of all. */
    private void checkDead() {
        long open = before.open() + dead.sum();
        // What waits for its batch is through as well.
        long through = before.worked() + enriched.sum() + dead.sum() - refused.sum();
        long worked = open - before.defective();
        long all = rows - before.duplicates();
        if (deadBudget.isExceeded(worked, through)) {
            stop(deadBudget.reason(worked, through));
        } else if (deadBudget.isExceeded(open, all)) {
            stop(deadBudget.reason(open, all));
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
