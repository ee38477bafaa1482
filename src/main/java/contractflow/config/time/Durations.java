package contractflow.config.time;

import java.time.Duration;
import org.apache.camel.converter.DurationConverter;
import org.apache.camel.util.TimeUtils;

/** Durations as the settings write them, such as 30s or 15m, or in ISO-8601. */
public final class Durations {

    private Durations() {}

    public static Duration parse(String text) {
        return text.startsWith("P")
                ? DurationConverter.toDuration(text)
                : Duration.ofMillis(TimeUtils.toMilliSeconds(text));
    }
}
