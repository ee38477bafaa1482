package contractflow.observe;

import contractflow.api.job.ApiState;
import contractflow.api.job.Job;
import contractflow.api.limits.ApiLimits;
import contractflow.run.Run;
import contractflow.warehouse.LockWaits;
import contractflow.warehouse.Warehouse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the runs of this process are going, and whether they will be done in time. */
public final class Progress {

    private static final Logger LOG = LoggerFactory.getLogger(Progress.class);

    /** The rate is that of this time. */
    private static final Duration RECENT = Duration.ofSeconds(30);

    /** A forecast from less than this would be a guess. */
    private static final Duration ENOUGH = Duration.ofSeconds(5);

    private final Map<Run, Track> tracks = new ConcurrentHashMap<>();
    private Clock clock = Clock.systemUTC();

    private record Sample(Instant at, long done) {}

    /** What was seen of a run. */
    private static final class Track {

        private final Sample first;
        private final Deque<Sample> recent = new ArrayDeque<>();
        private volatile RunState state;
        private boolean late;

        Track(Sample first) {
            this.first = first;
            recent.add(first);
        }
    }

    void setClock(Clock clock) {
        this.clock = clock;
    }

    /** Watches the run from now on. */
    public void show(@Variable("run") Run run, CamelContext camel) {
        Track track = new Track(sample(run));
        observe(run, track, camel);
        tracks.put(run, track);
    }

    /** Looks at each run that is watched. */
    public List<RunState> observe(CamelContext camel) {
        tracks.forEach((run, track) -> observe(run, track, camel));
        return states();
    }

    /** What was seen of each run when it was last looked at. */
    public List<RunState> states() {
        return tracks.values().stream()
                .map(track -> track.state)
                .sorted(Comparator.comparing(RunState::runId))
                .toList();
    }

    /** Looks at the run for the last time. */
    public RunState last(@Variable("run") Run run, CamelContext camel) {
        Track track = Optional.ofNullable(tracks.remove(run)).orElseGet(() -> new Track(sample(run)));
        observe(run, track, camel);
        return track.state;
    }

    /** The run is over for this process, also where the database's absence has kept it from being closed. */
    public void forget(@Variable("run") Run run) {
        if (run != null) {
            tracks.remove(run);
        }
    }

    private Sample sample(Run run) {
        return new Sample(clock.instant(), run.getDoneHere());
    }

    private void observe(Run run, Track track, CamelContext camel) {
        Stream<ApiState> asked = camel.getRegistry().findByType(ApiLimits.class).stream()
                .map(limits -> limits.status().stateFor(run))
                .sorted(Comparator.comparing(ApiState::api));
        // While the line is shown, no log line is needed.
        Stream<ApiState> warehouse = run.isWaitingFor(Job.WAREHOUSE)
                ? Stream.of(ApiState.unavailable(Warehouse.NAME, run.outage(Job.WAREHOUSE)))
                : Stream.empty();
        List<ApiState> apis = Stream.concat(asked, warehouse).toList();
        LockWaits lockWaits = camel.getRegistry().findSingleByType(LockWaits.class);
        String lock = lockWaits == null ? null : lockWaits.describe();
        String waiting = lock == null ? run.waitingForWarehouse() : "warehouse: " + lock;
        synchronized (track) {
            Sample now = sample(run);
            track.recent.addLast(now);
            while (track.recent.size() > 2
                    && between(track.recent.peekFirst(), now).compareTo(RECENT) > 0) {
                track.recent.removeFirst();
            }
            track.state = state(run, track, now, waiting, apis);
            tellLate(run, track);
        }
    }

    private RunState state(Run run, Track track, Sample now, String waiting, List<ApiState> apis) {
        double recent = rate(track.recent.peekFirst(), now);
        // While an API is unavailable nothing comes through: how it went before is the best guess of how it will go on.
        double expected = recent > 0 ? recent : rate(track.first, now);
        long left = run.getRows() - run.getDone();
        boolean known = expected > 0 && between(track.first, now).compareTo(ENOUGH) >= 0 || left == 0;
        Long secondsLeft = known ? Long.valueOf(left == 0 ? 0 : Math.round(left / expected)) : null;
        Instant deadline = run.getDeadline();
        return new RunState(
                run.getId(),
                run.getFeed().name(),
                run.getUsagePeriod(),
                run.getRows(),
                run.getDone(),
                run.getDead(),
                run.getSeconds().doubleValue(),
                Math.round(recent * 10) / 10.0,
                secondsLeft,
                deadline == null ? null : deadline.toString(),
                deadline != null
                        && known
                        && left > 0
                        && now.at.plusSeconds(secondsLeft).isAfter(deadline),
                run.getStopReason(),
                waiting,
                apis);
    }

    private static double rate(Sample from, Sample to) {
        return (to.done - from.done) * 1000.0 / Math.max(1, between(from, to).toMillis());
    }

    private static Duration between(Sample from, Sample to) {
        return Duration.between(from.at, to.at);
    }

    private static void tellLate(Run run, Track track) {
        RunState state = track.state;
        if (state.late() == track.late || state.stopping() != null) {
            return;
        }
        track.late = state.late();
        if (track.late) {
            LOG.warn(
                    "{} will miss its deadline of {}: {} of {} rows are left, which takes {} as it goes",
                    run,
                    state.deadline(),
                    state.rows() - state.done(),
                    state.rows(),
                    ProgressLine.clock(state.secondsLeft()));
        } else {
            LOG.info("{} will be done before its deadline of {} after all", run, state.deadline());
        }
    }
}
