package contractflow.run;

import contractflow.feed.Feed;
import java.util.List;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns of what a run leaves as it is: unfinished runs that it supersedes, and contracts that have usage of a later month. */
public final class RunNotices {

    private static final Logger LOG = LoggerFactory.getLogger(RunNotices.class);

    /** Names the unfinished runs that the new one supersedes: no start resumes them by itself any more. */
    public void warnSupersededRuns(@Body Map<String, Object> row, @Variable("feed") Feed feed) {
        if (row.get("of_other_content") != null) {
            LOG.warn(
                    "The content of {} has changed: run {} of its earlier content stays incomplete",
                    feed.name(),
                    row.get("of_other_content"));
        }
        if (row.get("of_other_period") != null) {
            LOG.warn(
                    "{} is run with the usage of {}, so {} stays incomplete; only a start with that usage.period resumes it",
                    feed.name(),
                    row.get("usage_period"),
                    row.get("of_other_period"));
        }
    }

    /** What is wrong in the tables that the owner of the warehouse has made. */
    public void warnFaults(@Body List<Map<String, Object>> faults) {
        faults.forEach(fault -> LOG.warn("The warehouse: {}", fault.get("fault")));
    }

    /** Contracts of the run whose rows have usage of a later month are left as they are, and no API is asked for them. */
    public void outdated(@Body Map<String, Object> counts, @Variable("run") Run run) {
        run.setOutdated(((Number) counts.get("outdated")).longValue());
        if (((Number) counts.get("settled")).longValue() > 0) {
            LOG.warn(
                    "{} is for {}, but the table has usage of {} for {} of its contracts: they are left as they are, and no API is asked",
                    run,
                    run.getUsagePeriod(),
                    counts.get("later_period"),
                    counts.get("settled"));
        }
    }

    /** Contracts that the feed no longer lists were marked as removed, or were not. */
    public void missing(@Body Map<String, Object> marked, @Variable("run") Run run) {
        if (marked.get("not_removed_because") != null) {
            LOG.warn(
                    "{}: {} contracts are missing from the feed and not marked as removed, since {}; `contractflow mark-missing {}` marks them",
                    run,
                    marked.get("missing"),
                    marked.get("not_removed_because"),
                    run.getId());
        } else if (((Number) marked.get("removed")).longValue() > 0) {
            LOG.info(
                    "{}: {} contracts that the feed no longer lists are marked as removed", run, marked.get("removed"));
        }
    }

    /** Says so where more contracts were left than were known before the first call: another process has loaded a later month since. */
    public void warnOutdated(@Body Map<String, Object> closed, @Variable("run") Run run) {
        long outdated = closed == null ? 0 : ((Number) closed.get("outdated")).longValue();
        if (outdated > run.getOutdated()) {
            LOG.warn(
                    "{} has left {} contracts as they are: the table has usage of a later month than {}",
                    run,
                    outdated,
                    run.getUsagePeriod());
        }
    }
}
