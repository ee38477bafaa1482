package contractflow.feed.folder;

import contractflow.feed.FeedContent;
import contractflow.feed.FileState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;

/**
 * A feed that was run and moved, and may still be written.
 *
 * @param from where it lay
 * @param to where it lies now
 * @param link what it leads to, where a link lay there and the file is a copy of that; else null
 * @param content that was run
 * @param state of what is watched, as it was seen last; null where this process has not seen it yet
 * @param at when it was moved
 */
record ArchivedFeed(Path from, Path to, Path link, FeedContent content, FileState state, Instant at) {

    /** The file that a program would write: the moved one, or that to which the link leads. */
    Path watched() {
        return link == null ? to : from.resolveSibling(link);
    }

    /** The same, seen now. */
    ArchivedFeed seen() throws IOException {
        return new ArchivedFeed(from, to, link, content, FileState.of(watched()), at);
    }

    /** What has become of what was run. */
    FeedContent.Fate fate() throws IOException {
        FileState before = content.state();
        if (state == null) {
            // An earlier process has run it: which file that was cannot be known, so it is taken to be the one that
            // lies there.
            before = new FileState(
                    before.size(), before.modified(), FileState.of(watched()).key(), true);
        }
        return new FeedContent(content.sha256(), before, content.ended()).compareWith(watched());
    }
}
