package contractflow.run;

import contractflow.api.job.Job;
import contractflow.config.LogContext;
import contractflow.config.time.Deadline;
import contractflow.config.time.Durations;
import contractflow.failure.WarehouseFault;
import contractflow.feed.Feed;
import contractflow.warehouse.LockWaits;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a {@link Run} of what the database says, and passes on to it what the routes have brought about. */
public final class Runs {

    private static final Logger LOG = LoggerFactory.getLogger(Runs.class);

    /** Since when a feed waits that has no run yet. */
    private static final String AWAY_SINCE = "contractflow.away-since";

    /** What a run that is to end waits for the warehouse, so that it does end. */
    private static final Duration LAST_WAIT = Duration.ofSeconds(5);

    /** The longest time after its start that a run is resumed in another month. */
    private static final Duration NIGHT = Duration.ofHours(12);

    /** A feed that waits for the warehouse to begin with is tried again within this time. */
    private static final Duration TO_BEGIN = Duration.ofSeconds(10);

    private final Set<Job> open = ConcurrentHashMap.newKeySet();
    private String usagePeriod = "";
    private String deadline = "";
    private double maxDeadPercent = 100;
    private long maxDeadMinRows;
    private Duration maxWait = Duration.ZERO;
    private Clock clock = Clock.system(ZoneId.systemDefault());
    private volatile boolean stopping;
    private volatile long lastWaitToBegin = System.nanoTime() - TO_BEGIN.toNanos();

    /**
     * @param usagePeriod such as 2026-10; empty for the month before the run starts
     */
    public void setUsagePeriod(String usagePeriod) {
        this.usagePeriod = usagePeriod;
    }

    /**
     * @param maxWait in Camel's notation, such as 15m: how long a run waits for the database to come back
     */
    public void setMaxWait(String maxWait) {
        this.maxWait = Durations.parse(maxWait);
    }

    void setClock(Clock clock) {
        this.clock = clock;
    }

    /** The month that a run which starts now asks the usage of. */
    public String usagePeriod() {
        YearMonth last = YearMonth.now(clock.withZone(ZoneOffset.UTC)).minusMonths(1);
        return usagePeriod.isBlank() ? last.toString() : usagePeriod.strip();
    }

    /**
     * Since when a run was started that a start without a set month resumes with the month it began with, in ISO-8601: a night that
     * goes past the end of a month is one night. Where a month is set, only that one is resumed.
     */
    public String sameNight() {
        return usagePeriod.isBlank() ? clock.instant().minus(NIGHT).toString() : "infinity";
    }

    /** The run of the row that opened it. */
    public Run open(@Variable("feed") Feed feed, @Body Map<String, Object> row) {
        DeadBudget deadBudget = new DeadBudget(maxDeadPercent, maxDeadMinRows);
        Run run = new Run(feed, row, Deadline.next(deadline, ZonedDateTime.now(clock)), deadBudget);
        open.add(run);
        LogContext.setRun(run.getId());
        return run;
    }

    /** Takes note of work that belongs to no run. */
    public void begin(@Variable("run") Job run) {
        open.add(run);
    }

    /** The run is over, for this process. */
    public void close(@Variable("run") Job run) {
        if (run != null) {
            open.remove(run);
            LogContext.setRun(null);
        }
    }

    /** Lets every run finish the contracts that are in flight, and take on no more. */
    public void stopAll(String reason) {
        stopping = true;
        leaveAll(reason);
    }

    /** Lets every run end, for another process to go on with. */
    public void leaveAll(String reason) {
        open.forEach(run -> run.stop(reason));
    }

    /** Whether the process is being stopped, so that no other run should begin. */
    public boolean isStopping() {
        return stopping;
    }

    public boolean isIdle() {
        return open.isEmpty();
    }

    /** Whether a statement of ours may wait for a lock of another session. */
    public boolean mayWaitForLock() {
        return !isIdle() || System.nanoTime() - lastWaitToBegin < TO_BEGIN.toNanos();
    }

    /** What this process works on, in words; null where it is nothing. */
    public String activeJobName() {
        return open.stream().map(Job::toString).findFirst().orElse(null);
    }

    /**
     * @param maxDeadPercent share of dead letters above which a run stops
     */
    public void setMaxDeadPercent(double maxDeadPercent) {
        this.maxDeadPercent = maxDeadPercent;
    }

    /**
     * @param maxDeadMinRows rows that must be through before that share means anything
     */
    public void setMaxDeadMinRows(long maxDeadMinRows) {
        this.maxDeadMinRows = maxDeadMinRows;
    }

    /**
     * @param deadline a time of day, such as 06:00, in the zone of this machine, or an ISO-8601 instant; empty for none
     */
    public void setDeadline(String deadline) {
        this.deadline = deadline;
    }

    /** The whole feed is in the database. */
    public void stored(@Body Map<String, Object> counts, @Variable("run") Run run) {
        run.setRows(((Number) counts.get("rows")).longValue());
    }

    /** Rows that need no work: defective, replaced by a later one, or worked off before the run was resumed. */
    public void accounted(@Body Map<String, Object> counts, @Variable("run") Run run) {
        run.setAccounted(Accounted.of(counts));
    }

    /** The contract is a dead letter, in the database. */
    public void deadLettered(@Variable("run") Run run, @Variable("stage") String stage) {
        run.deadLettered(stage.equals("load"));
    }

    /** No other contract of the run would fare better. */
    public void stop(Exchange exchange, @Variable("run") Run run) {
        String reason = WarehouseFault.message(WarehouseFault.failure(exchange));
        run.stop(reason);
        List<?> batch = exchange.getVariable("contracts", List.class);
        for (Object contract : batch == null ? List.of(exchange.getVariable("contract")) : batch) {
            LOG.debug("{}: pending, {}", contract, reason);
        }
    }

    /** Whether the run may wait for the database a while longer; where it may not, it is stopped. */
    public boolean mayWait(Exchange exchange, @Variable("run") Job run) {
        if (!WarehouseFault.isUnavailable(exchange)) {
            // Camel asks this of the next failure as well, which may be another one.
            return false;
        }
        Throwable failure = WarehouseFault.failure(exchange);
        if (run == null) {
            return mayWaitToBegin(exchange, failure);
        }
        if (LoadVerdict.isRepeated(exchange)) {
            return false;
        }
        WarehouseFault.Kind kind = WarehouseFault.kind(failure);
        String message = WarehouseFault.message(failure);
        if (kind == WarehouseFault.Kind.LOCK) {
            LockWaits lockWaits = exchange.getContext().getRegistry().findSingleByType(LockWaits.class);
            message += lockWaits == null ? "" : lockWaits.asReason();
        }
        if (run.missedWarehouse(kind.words(), message)) {
            LOG.warn("{} waits for the warehouse {}: {}", run, kind.words(), message);
        }
        return !run.giveUpWaiting(Job.WAREHOUSE, isToEnd(run) ? Collections.min(List.of(LAST_WAIT, maxWait)) : maxWait);
    }

    /** Whether the process is to stop, or the run's deadline has come. */
    private boolean isToEnd(Job run) {
        return run.isStopped() && (stopping || run instanceof Run timed && timed.isPastDeadline());
    }

    private boolean mayWaitToBegin(Exchange exchange, Throwable failure) {
        lastWaitToBegin = System.nanoTime();
        Instant since = exchange.getProperty(AWAY_SINCE, Instant.class);
        if (since == null) {
            since = clock.instant();
            exchange.setProperty(AWAY_SINCE, since);
            Feed feed = exchange.getVariable("feed", Feed.class);
            LOG.warn(
                    "{} waits for the warehouse {}: {}",
                    feed.name(),
                    WarehouseFault.kind(failure).words(),
                    WarehouseFault.message(failure));
        }
        return !stopping && Duration.between(since, clock.instant()).compareTo(maxWait) <= 0;
    }

    /** The runs, and the fetch, that this process works on. */
    public Collection<Job> inWork() {
        return List.copyOf(open);
    }

    /**
     * A contract is enriched, or several are, and on the way into the database.
     *
     * @param enriched a contract, or a list of them
     */
    public void enriched(@Variable("run") Run run, @Body Object enriched) {
        run.enriched(enriched instanceof Collection<?> several ? several.size() : 1);
    }
}
