package contractflow.config.time;

import java.text.ParseException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.TimeZone;
import org.apache.camel.Body;
import org.quartz.CronExpression;

/** The times of day at which a feed is to be fetched. */
public final class Schedule {

    private String cron = "";
    private ZoneId timeZone = ZoneOffset.UTC;
    private Clock clock = Clock.systemUTC();
    private Instant startedAt = clock.instant();
    private Instant lookedAt = startedAt;

    /**
     * @param cron in Quartz's syntax, such as {@code 0 0 2 * * ?}; empty for none
     */
    public void setCron(String cron) {
        this.cron = cron.strip();
    }

    /**
     * @param timeZone that the times are meant in, such as Europe/Berlin
     */
    public void setTimeZone(String timeZone) {
        this.timeZone = ZoneId.of(timeZone.strip());
    }

    /** From now on, which is when the process has started, it is as late as the clock says. */
    public void setClock(Clock clock) {
        this.clock = clock;
        startAgain();
    }

    /** Begins as a process that starts now: what has gone by until now is not due, but may be missed. */
    public synchronized void startAgain() {
        startedAt = clock.instant();
        lookedAt = startedAt;
    }

    /** Whether a time has come since it was last one; several that have gone by together, as while a machine sleeps, are one. */
    public synchronized boolean isDue() {
        Instant now = clock.instant();
        Instant due = nextAfter(cron, timeZone, lookedAt);
        if (due == null || due.isAfter(now)) {
            return false;
        }
        lookedAt = now;
        return true;
    }

    /**
     * The first time that had gone by since a feed was fetched when this process started.
     *
     * @param last when that was, or null where it never was, so that none counts as missed
     * @return null where none has gone by
     */
    public synchronized Instant missed(@Body Date last) {
        Instant due = last == null ? null : nextAfter(cron, timeZone, last.toInstant());
        return due == null || due.isAfter(startedAt) ? null : due;
    }

    /** When a feed is fetched next; null where that is never. */
    public Instant next() {
        return nextAfter(cron, timeZone, clock.instant());
    }

    /** The same in ISO 8601; null too where no time is set. */
    public String nextText() {
        Instant next = cron.isEmpty() ? null : next();
        return next == null ? null : next.toString();
    }

    /**
     * The next time. One that the clock leaves out when summer time begins is the moment of the change, together with others that
     * are left out; one that the clock shows twice when summer time ends is the first of the two.
     *
     * @param cron what {@link #isCron} accepts
     * @return null where there is none
     */
    public static Instant nextAfter(String cron, ZoneId zone, Instant after) {
        CronExpression times = parse(cron);
        // Quartz leaves out times that the clock leaves out, so it counts on a clock that is never changed.
        times.setTimeZone(TimeZone.getTimeZone(ZoneOffset.UTC));
        Instant next;
        LocalDateTime time = LocalDateTime.ofInstant(after, zone);
        do {
            Date shown = times.getNextValidTimeAfter(Date.from(time.toInstant(ZoneOffset.UTC)));
            if (shown == null) {
                return null;
            }
            time = LocalDateTime.ofInstant(shown.toInstant(), ZoneOffset.UTC);
            next = WallClock.moment(time, zone, null);
        } while (!next.isAfter(after));
        return next;
    }

    /** Whether the text says times in Quartz's syntax, be they past or not. */
    public static boolean isCron(String text) {
        return CronExpression.isValidExpression(text);
    }

    private static CronExpression parse(String cron) {
        try {
            return new CronExpression(cron);
        } catch (ParseException e) {
            throw new IllegalArgumentException("the settings were checked", e);
        }
    }
}
