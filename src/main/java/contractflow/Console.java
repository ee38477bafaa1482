package contractflow;

import java.util.List;
import org.apache.camel.Body;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What whoever has started the process sees of it. */
public final class Console {

    private static final Logger LOG = LoggerFactory.getLogger("progress");

    /** A line comes with every so many looks. */
    private static final int LOOKS = 5;

    private int looks;

    /** Shows how the runs are going; is called every second. */
    public synchronized void show(@Body List<RunState> runs) {
        if (++looks % LOOKS == 0) {
            runs.forEach(run -> LOG.info(ProgressLine.of(run)));
        }
    }
}
