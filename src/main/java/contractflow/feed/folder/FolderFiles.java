package contractflow.feed.folder;

import contractflow.failure.WarehouseFault;
import contractflow.feed.FileState;
import contractflow.feed.FoundFeed;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** What lies in a folder under the names of feeds. */
final class FolderFiles {

    private FolderFiles() {}

    /** The oldest one first. */
    static List<FoundFeed> in(Path directory) throws IOException {
        List<FoundFeed> files = new ArrayList<>();
        try (DirectoryStream<Path> entries =
                Files.newDirectoryStream(FeedArchive.folder(directory), FeedFolder::isFeed)) {
            for (Path path : entries) {
                FileState state = state(path);
                if (state != null) {
                    files.add(new FoundFeed(path, state));
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        files.sort(Comparator.comparing((FoundFeed file) -> file.state().modified())
                .thenComparing(FoundFeed::name));
        return files;
    }

    /** Null where the file has gone meanwhile. */
    static FileState state(Path path) {
        try {
            return FileState.of(path);
        } catch (IOException e) {
            boolean gone = e instanceof NoSuchFileException && !Files.isSymbolicLink(path);
            return gone ? null : FileState.UNKNOWN;
        }
    }

    /** Why a file can never be taken as it is; null where it can. */
    static String problem(FoundFeed file) {
        if (file.state().equals(FileState.UNKNOWN)) {
            return Files.isSymbolicLink(file.path()) ? "is a link that leads nowhere" : "cannot be read";
        }
        if (Files.isDirectory(file.path())) {
            return "is a folder";
        }
        if (!file.state().regular()) {
            return "is no regular file";
        }
        if (!Files.isReadable(file.path())) {
            return "cannot be read: permission denied";
        }
        return file.state().size() == 0 ? "is empty" : null;
    }

    static String describe(IOException e) {
        return WarehouseFault.oneLine(e.getClass().getSimpleName() + ": " + Objects.toString(e.getMessage(), ""));
    }
}
