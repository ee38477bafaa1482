package contractflow.feed.folder;

import contractflow.feed.FileState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Which files are completely written: those that were seen unchanged for a while. It is the time of this process that counts, since
 * the time of a file is another machine's on a network share, and is set to an older one by whatever copies a file with its time.
 * A file that was taken for whole once, and was not, has to stay unchanged for twice as long the next time.
 */
public final class SettledFiles {

    private static final int MOST_DOUBLINGS = 6;

    private final Duration settleTime;
    private final LongSupplier nanoTime;
    private final Map<Path, Seen> seen = new HashMap<>();
    private final Map<Path, Integer> mistaken = new HashMap<>();

    /**
     * @param firstSeen when it was seen first, since it was taken last
     * @param unchangedSince since when it is as it is
     */
    private record Seen(FileState state, long firstSeen, long unchangedSince) {}

    public SettledFiles(Duration settleTime) {
        this(settleTime, System::nanoTime);
    }

    SettledFiles(Duration settleTime, LongSupplier nanoTime) {
        this.settleTime = settleTime;
        this.nanoTime = nanoTime;
    }

    /**
     * Looks at a file.
     *
     * @return whether it has been as it is for long enough
     */
    public boolean isSettled(Path file, FileState state) {
        long now = nanoTime.getAsLong();
        Seen before = seen.get(file);
        if (before == null) {
            seen.put(file, new Seen(state, now, now));
        } else if (!before.state.equals(state)) {
            seen.put(file, new Seen(state, before.firstSeen, now));
        }
        long needed = settleTime.toNanos() << mistaken.getOrDefault(file, 0);
        return now - seen.get(file).unchangedSince >= needed;
    }

    /** Whether it has been changing for so long that others need not wait for it. */
    boolean isChangingForLong(Path file) {
        return nanoTime.getAsLong() - seen.get(file).firstSeen >= 6 * settleTime.toNanos();
    }

    /** It was not whole when it was taken. */
    void mistaken(Path file) {
        seen.remove(file);
        mistaken.merge(file, 1, (times, one) -> Math.min(times + one, MOST_DOUBLINGS));
    }

    /** It is taken, or there is another one of its name. */
    void forget(Path file) {
        seen.remove(file);
    }

    /** Forgets all others. */
    void retain(Collection<Path> files) {
        seen.keySet().retainAll(files);
        mistaken.keySet().retainAll(files);
    }
}
