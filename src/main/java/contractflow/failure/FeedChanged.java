package contractflow.failure;

import java.nio.file.Path;

/** The feed's file was written while it was read: what was read is not all of it. Once it is whole, it can be run. */
public final class FeedChanged extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public FeedChanged(String message) {
        super(message);
    }

    public FeedChanged(Path name) {
        this(reason(name.toString()));
    }

    /** Why a run ends incomplete. */
    public static String reason(String name) {
        return name + " has changed since it was read: once it is completely written, start again";
    }
}
