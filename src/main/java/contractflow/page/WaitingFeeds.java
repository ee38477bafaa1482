package contractflow.page;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import contractflow.config.time.Schedule;
import contractflow.feed.folder.FeedFolder;
import contractflow.feed.folder.WaitingFeed;
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
 */
@JsonNaming(SnakeCaseStrategy.class)
public record WaitingFeeds(List<WaitingFeed> feeds, String problem, String nextFetch, String every) {

    /** As it is now; a process that watches no folder has none. */
    public static WaitingFeeds now(CamelContext camel) {
        FeedFolder folder = camel.getRegistry().findSingleByType(FeedFolder.class);
        Schedule schedule = camel.getRegistry().findSingleByType(Schedule.class);
        String every = camel.resolvePropertyPlaceholders("{{schedule.every}}").strip();
        String nextFetch = schedule == null ? null : schedule.nextText();
        try {
            List<WaitingFeed> feeds = folder == null ? List.of() : folder.waiting();
            return new WaitingFeeds(feeds, null, nextFetch, every.isEmpty() ? null : every);
        } catch (IOException e) {
            return new WaitingFeeds(
                    List.of(), "feed.directory cannot be read", nextFetch, every.isEmpty() ? null : every);
        }
    }
}
