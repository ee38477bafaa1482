package contractflow.feed;

import contractflow.failure.FeedChanged;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What a feed's file held when it was looked at.
 *
 * @param sha256 in hex: two files of one content are one feed
 * @param state of the file; null where there is none
 * @param ended whether its last line had an end
 */
public record FeedContent(String sha256, FileState state, boolean ended) {

    /** What has become of the content. */
    public enum Fate {
        /** It lies there as it was. */
        SAME,
        /** It was being written: its file was changed, or what lies there goes on in the middle of its last line. */
        CHANGED,
        /** Another file has its name now. */
        REPLACED,
        /** There is no file. */
        DELETED
    }

    /**
     * Reads a file.
     *
     * @throws FeedChanged where it is written at the same time
     */
    static FeedContent of(Path path) throws IOException {
        FileState before = FileState.of(path);
        Digest digest = new Digest(path, 0);
        if (!before.equals(FileState.of(path))) {
            throw new FeedChanged(path.getFileName());
        }
        return new FeedContent(digest.whole, before, digest.ended);
    }

    /** What lies in a file's place now. */
    public Fate compareWith(Path path) throws IOException {
        try {
            FileState now = FileState.of(path);
            Digest digest = new Digest(path, state.size());
            if (digest.whole.equals(sha256)) {
                return Fate.SAME;
            }
            boolean sameFile = now.key() == null || now.key().equals(state.key());
            return sameFile || !ended && digest.beginning.equals(sha256) ? Fate.CHANGED : Fate.REPLACED;
        } catch (NoSuchFileException e) {
            return Fate.DELETED;
        }
    }

    /** As {@link #compareWith}, but a file that cannot be read is one that is not known. */
    public Fate compareIfReadable(Path path) {
        try {
            return compareWith(path);
        } catch (IOException e) {
            return Fate.REPLACED;
        }
    }

    static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The SHA-256 of a file and of its beginning. */
    private static final class Digest {

        private final String whole;
        private String beginning = "";
        private boolean ended = true;

        /**
         * @param most bytes of the beginning
         */
        Digest(Path path, long most) throws IOException {
            MessageDigest digest = newDigest();
            byte[] buffer = new byte[64 * 1024];
            long left = most;
            try (InputStream in = Files.newInputStream(path)) {
                for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                    if (left > 0 && left <= length) {
                        digest.update(buffer, 0, (int) left);
                        beginning = hex(copy(digest));
                        digest.update(buffer, (int) left, (int) (length - left));
                    } else {
                        digest.update(buffer, 0, length);
                    }
                    left -= length;
                    if (length > 0) {
                        ended = buffer[length - 1] == '\n' || buffer[length - 1] == '\r';
                    }
                }
            }
            whole = hex(digest);
        }

        private static MessageDigest copy(MessageDigest digest) {
            try {
                return (MessageDigest) digest.clone();
            } catch (CloneNotSupportedException e) {
                throw new IllegalStateException("Java's own SHA-256 can be copied", e);
            }
        }
    }

    static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }
}
