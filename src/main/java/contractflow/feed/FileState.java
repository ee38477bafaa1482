package contractflow.feed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/**
 * What shows, without reading a file, that it has changed.
 *
 * @param size in bytes
 * @param modified as the file system has it, which may be in the past or in the future
 * @param key which file it is, whatever its name; null where the file system does not say
 * @param regular whether it is a file that can be read to an end, which folders, pipes and sockets are not
 */
public record FileState(long size, FileTime modified, Object key, boolean regular) {

    /** Of a file of which nothing is known. */
    public static final FileState UNKNOWN = new FileState(-1, FileTime.fromMillis(0), null, false);

    /**
     * The state of a file, or of what a link leads to.
     *
     * @throws java.nio.file.NoSuchFileException where there is none
     */
    public static FileState of(Path path) throws IOException {
        BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
        return new FileState(file.size(), file.lastModifiedTime(), file.fileKey(), file.isRegularFile());
    }
}
