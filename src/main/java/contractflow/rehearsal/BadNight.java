package contractflow.rehearsal;

import java.util.Locale;

/** What a run is tried with, in the order of the rehearsal, and what it promises then. */
public enum BadNight {
    CLEAN("a clean run", "Every contract is loaded, and asked for once", Fault.NONE, Fault.NONE),
    BAD_IDS("missing and unknown ids", "Each bad contract is a dead letter, and no other", Fault.NONE, Fault.NONE),
    NETSUITE_OUTAGE("NetSuite outage, 10 s", "An outage is a pause", Fault.OUTAGE, Fault.NONE),
    USAGE_OUTAGE("usage API outage, 10 s", "An outage is a pause", Fault.NONE, Fault.OUTAGE),
    REFUSALS("429 for 5 s", "A call that is refused is made again", Fault.REFUSALS, Fault.REFUSALS),
    LOWER_LIMIT("a limit below the setting", "The limit falls to what NetSuite accepts", Fault.LOWER_LIMIT, Fault.NONE),
    DATABASE_OUTAGE("database outage, 10 s", "The run waits for the warehouse", Fault.NONE, Fault.NONE),
    KILL("kill -9 and resume", "The next start goes on where the run was", Fault.NONE, Fault.NONE);

    /** How long an outage lasts. */
    static final int SECONDS = 10;

    final String title;
    final String promise;
    final Fault netsuite;
    final Fault usage;

    BadNight(String title, String promise, Fault netsuite, Fault usage) {
        this.title = title;
        this.promise = promise;
        this.netsuite = netsuite;
        this.usage = usage;
    }

    /** How long its fault lasts. */
    int seconds() {
        return this == REFUSALS ? SECONDS / 2 : SECONDS;
    }

    /** As it is written in a command. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    boolean hasBadIds() {
        return this == BAD_IDS;
    }

    /** The name of its database and of its folder. */
    String database() {
        return name().toLowerCase(Locale.ROOT);
    }
}
