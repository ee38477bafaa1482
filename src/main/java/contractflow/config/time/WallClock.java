package contractflow.config.time;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;

/** What a clock shows, as moments. */
final class WallClock {

    private WallClock() {}

    /**
     * When a clock shows that time; where it leaves that time out, as when summer time begins, when it is put forward.
     *
     * @param preferred of the two moments of a time that the clock shows twice, the one of this offset; null for the first
     */
    static Instant moment(LocalDateTime time, ZoneId zone, ZoneOffset preferred) {
        ZoneOffsetTransition change = zone.getRules().getTransition(time);
        return change != null && change.isGap()
                ? change.getInstant()
                : ZonedDateTime.ofLocal(time, zone, preferred).toInstant();
    }
}
