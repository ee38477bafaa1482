package contractflow.feed.folder;

import static org.assertj.core.api.Assertions.assertThat;

import contractflow.feed.FileState;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A file is whole when it was seen unchanged for long enough, whatever time it says that it is of. */
class SettledFilesTest {

    private static final Path FILE = Path.of("contracts.csv");

    private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 1);
    private final SettledFiles settled = new SettledFiles(Duration.ofSeconds(10), nanoTime::get);

    @Test
    void fileIsSettledWhenItWasSeenUnchangedForTheTime() {
        assertThat(after(0, 1)).isFalse();
        assertThat(after(9, 1)).isFalse();
        assertThat(after(1, 1)).isTrue();
    }

    @Test
    void fileThatChangesIsWaitedForFromThenOn() {
        after(0, 1);
        assertThat(after(9, 2)).isFalse();
        assertThat(after(9, 2)).isFalse();
        assertThat(after(1, 2)).isTrue();
    }

    @Test
    void fileThatChangesAllTheTimeIsSaidToBeSo() {
        for (int i = 0; i < 12; i++) {
            after(i == 0 ? 0 : 5, i);
            assertThat(settled.isChangingForLong(FILE)).isFalse();
        }
        after(5, 13);
        assertThat(settled.isChangingForLong(FILE)).isTrue();
    }

    @Test
    void fileThatWasTakenTooEarlyIsWaitedForTwiceAsLong() {
        after(0, 1);
        assertThat(after(10, 1)).isTrue();
        settled.mistaken(FILE);
        assertThat(after(0, 2)).isFalse();
        assertThat(after(19, 2)).isFalse();
        assertThat(after(1, 2)).isTrue();
        settled.retain(List.of());
        after(0, 3);
        assertThat(after(10, 3)).as("another file of the name").isTrue();
    }

    /** What is said of the file some seconds later, when it has so many bytes and is said to be from 1970. */
    private boolean after(long seconds, long size) {
        nanoTime.addAndGet(Duration.ofSeconds(seconds).toNanos());
        return settled.isSettled(FILE, new FileState(size, FileTime.fromMillis(0), 1L, true));
    }
}
