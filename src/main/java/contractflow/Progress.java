package contractflow;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Variable;

/** How far the runs of this process are, in words. */
public final class Progress {

    /** The rate is that of this time. */
    private static final long RECENT_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Map<Run, Deque<Sample>> runs = new ConcurrentHashMap<>();

    private record Sample(long at, long done) {}

    /** Shows the run from now on. */
    public void show(@Variable("run") Run run) {
        Deque<Sample> samples = new ArrayDeque<>();
        samples.add(new Sample(System.nanoTime(), run.getDoneHere()));
        runs.put(run, samples);
    }

    /** Shows it no longer. */
    public void hide(@Variable("run") Run run) {
        runs.remove(run);
    }

    /** Whether there is anything to show. */
    public boolean isGoingOn() {
        return !runs.isEmpty();
    }

    /** One line for each run: done, total, rate, time left, dead. */
    public synchronized String lines() {
        StringBuilder lines = new StringBuilder();
        runs.forEach((run, samples) -> lines.append(lines.isEmpty() ? "" : System.lineSeparator()).append(line(run, samples)));
        return lines.toString();
    }

    private static String line(Run run, Deque<Sample> samples) {
        Sample now = new Sample(System.nanoTime(), run.getDoneHere());
        samples.addLast(now);
        while (samples.size() > 2 && now.at - samples.peekFirst().at > RECENT_NANOS) {
            samples.removeFirst();
        }
        Sample before = samples.peekFirst();
        double rate = (now.done - before.done) * (double) TimeUnit.SECONDS.toNanos(1) / Math.max(1, now.at - before.at);
        long left = run.getRows() - run.getDone();
        return String.format(
                Locale.ROOT,
                "%s: %,d of %,d (%d %%), %.1f a second, %s left, %,d dead%s",
                run,
                run.getDone(),
                run.getRows(),
                run.getRows() == 0 ? 100 : 100 * run.getDone() / run.getRows(),
                rate,
                rate == 0 ? "?" : clock(Duration.ofSeconds(Math.round(left / rate))),
                run.getDead(),
                run.isStopped() ? ", stopping: " + run.getStopReason() : "");
    }

    private static String clock(Duration time) {
        return String.format(Locale.ROOT, "%d:%02d:%02d", time.toHours(), time.toMinutesPart(), time.toSecondsPart());
    }
}
