package contractflow;

import java.text.ParseException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Date;
import java.util.TimeZone;
import org.apache.camel.Body;
import org.quartz.CronExpression;

/** The times of day at which a feed is to be fetched. */
public final class Schedule {

    private String cron = "";
    private String timeZone = "UTC";
    private Instant startedAt = Instant.now();

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
        this.timeZone = timeZone.strip();
    }

    void setStartedAt(Instant startedAt) {
        this.startedAt = startedAt;
    }

    /**
     * The first time that had gone by since a feed was fetched when this process started.
     *
     * @param last when that was, or null where it never was: then nobody can tell
     * @return null where none has gone by
     */
    public Instant missed(@Body Date last) throws ParseException {
        Instant due = last == null ? null : nextAfter(cron, timeZone, last.toInstant());
        return due == null || due.isAfter(startedAt) ? null : due;
    }

    /** When a feed is fetched next; null where that is never. */
    public Instant next() throws ParseException {
        return nextAfter(cron, timeZone, Instant.now());
    }

    /**
     * @throws ParseException where the text is no times
     */
    static Instant nextAfter(String cron, String timeZone, Instant after) throws ParseException {
        CronExpression times = new CronExpression(cron);
        times.setTimeZone(TimeZone.getTimeZone(ZoneId.of(timeZone)));
        Date next = times.getNextValidTimeAfter(Date.from(after));
        return next == null ? null : next.toInstant();
    }
}
