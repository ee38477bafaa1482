package contractflow.process;

import java.util.List;
import java.util.stream.Stream;

/** What a process is started for. It says which folders of {@code routes/} are loaded besides the files on top of it. */
public enum Mode {

    /** Asks the database about runs and dead letters. What lies on top is left out, but for what holds for all routes. */
    DATABASE("commands"),

    /** Works on one feed or on dead letters, or fetches a feed. */
    RUN(Mode.ALWAYS),

    /** Shows what a run would do. */
    CHECK(Mode.ALWAYS, "check"),

    /** Stays, and begins by itself. */
    SERVICE(Mode.ALWAYS, "service", "page"),

    /** Has the simulated APIs alone, which the runs of a rehearsal call. */
    REHEARSAL("rehearsal");

    private static final String ALWAYS = "run,feed,api,failure,report,commands";

    private final String folders;

    Mode(String... folders) {
        this.folders = String.join(",", folders);
    }

    public List<String> folders() {
        return List.of(folders.split(","));
    }

    /** Whether a folder of {@code routes/} belongs to one of them, so that it is no profile. */
    static boolean has(String folder) {
        return Stream.of(values()).anyMatch(mode -> mode.folders().contains(folder));
    }
}
