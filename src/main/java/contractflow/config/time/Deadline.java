package contractflow.config.time;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.stream.Stream;

/** When a run takes on no more contracts. */
public final class Deadline {

    private Deadline() {}

    /**
     * @param text a time of day, such as 06:00 or 06:00 Europe/Berlin, an ISO-8601 instant, or nothing
     * @param now in whose zone a time of day is meant that names none
     * @return the next moment of that time of day, or the instant, which may be past; null where there is no deadline
     * @throws java.time.DateTimeException where the text is none of these
     */
    public static Instant next(String text, ZonedDateTime now) {
        String value = text.strip();
        if (value.isEmpty()) {
            return null;
        }
        if (value.matches("\\d{4}-.*")) {
            return Instant.parse(value);
        }
        String[] timeAndZone = value.split("\\s+", 2);
        LocalTime time = LocalTime.parse(timeAndZone[0]);
        ZonedDateTime here = timeAndZone.length == 1 ? now : now.withZoneSameInstant(ZoneId.of(timeAndZone[1]));
        LocalDate today = here.toLocalDate();
        return Stream.of(today, today.plusDays(1), today.plusDays(2))
                .map(day -> WallClock.moment(day.atTime(time), here.getZone(), here.getOffset()))
                .filter(moment -> moment.isAfter(now.toInstant()))
                .findFirst()
                .orElseThrow();
    }
}
