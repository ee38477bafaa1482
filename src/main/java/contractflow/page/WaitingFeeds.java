package contractflow.page;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import contractflow.config.time.Schedule;
import contractflow.feed.folder.FeedFolder;
import contractflow.feed.folder.WaitingFeed;
import contractflow.run.Standby;
import java.io.IOException;
import java.util.List;
import org.apache.camel.CamelContext;

/**
 * What this process will run.
 *
 * @param feeds that lie in the folder
 * @param problem why the folder cannot be read; null where it can
 * @param nextFetch when NetSuite is asked for a feed, ISO 8601; null where {@code schedule.cron} names no time
 * @param every the interval of {@code schedule.every}; null where it is empty
 * @param standby why this service stands by; null where it works
 */
@JsonNaming(SnakeCaseStrategy.class)
public record WaitingFeeds(List<WaitingFeed> feeds, String problem, String nextFetch, String every, String standby) {

    /** As it is now; a process that watches no folder has none. */
    public static WaitingFeeds now(CamelContext camel) {
        FeedFolder folder = camel.getRegistry().findSingleByType(FeedFolder.class);
        Schedule schedule = camel.getRegistry().findSingleByType(Schedule.class);
        Standby standby = camel.getRegistry().findSingleByType(Standby.class);
        String every = camel.resolvePropertyPlaceholders("{{schedule.every}}").strip();
        List<WaitingFeed> feeds = List.of();
        String problem = null;
        try {
            feeds = folder == null ? feeds : folder.waiting();
        } catch (IOException e) {
            problem = "feed.directory cannot be read";
        }
        return new WaitingFeeds(
                feeds,
                problem,
                schedule == null ? null : schedule.nextText(),
                every.isEmpty() ? null : every,
                standby == null ? null : standby.reason());
    }
}
