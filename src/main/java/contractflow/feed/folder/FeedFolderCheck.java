package contractflow.feed.folder;

import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.apache.camel.support.CamelContextHelper;

/**
 * Whether each feed of the folder can be taken. One that cannot be makes the process neither dead nor unready, since the others are
 * run; it is for a person to see.
 */
public final class FeedFolderCheck extends AbstractHealthCheck {

    private static final int MOST_NAMES = 10;

    public FeedFolderCheck() {
        super("contractflow", "feeds");
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    public boolean isReadiness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder result, Map<String, Object> options) {
        FeedFolder folder = CamelContextHelper.findSingleByType(getCamelContext(), FeedFolder.class);
        Map<String, String> problems = folder == null ? Map.of() : folder.problems();
        if (problems.isEmpty()) {
            result.up();
            return;
        }
        result.message(problems.size() + " passed over: "
                        + problems.entrySet().stream()
                                .limit(MOST_NAMES)
                                .map(file -> file.getKey() + " " + file.getValue())
                                .collect(Collectors.joining("; ")))
                .down();
    }
}
