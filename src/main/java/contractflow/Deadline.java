package contractflow;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZonedDateTime;

/** When a run takes on no more contracts. */
final class Deadline {

    private Deadline() {}

    /**
     * @param text a time of day, such as 06:00, an ISO-8601 instant, or nothing
     * @param now in whose zone a time of day is meant
     * @return the next moment of that time of day, or the instant, which may be past; null where there is no deadline
     * @throws java.time.format.DateTimeParseException where the text is none of these
     */
    static Instant next(String text, ZonedDateTime now) {
        String value = text.strip();
        if (value.isEmpty()) {
            return null;
        }
        if (value.contains("T")) {
            return Instant.parse(value);
        }
        ZonedDateTime today = now.with(LocalTime.parse(value));
        return (today.isAfter(now) ? today : now.plusDays(1).with(LocalTime.parse(value))).toInstant();
    }
}
