package contractflow.feed;

import java.nio.file.Path;

/**
 * A feed that lies in the folder.
 *
 * @param path where
 * @param state of its file when it was taken
 */
public record FoundFeed(Path path, FileState state) {

    /** Its file's name, without its folders. */
    public String name() {
        return path.getFileName().toString();
    }
}
