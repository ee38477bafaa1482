package contractflow.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Prometheus's own tool. Where it has to be there, as in CI, CONTRACTFLOW_PROMTOOL is `required`. */
public final class Promtool {

    private Promtool() {}

    /** It finds no fault; the rest of the test is left out where the tool is not there. */
    public static void assertAccepts(String... arguments) throws Exception {
        Process promtool = start(arguments);
        assumeTrue(promtool != null, "promtool is not there");
        assertNoFault(promtool);
    }

    /** It finds no fault in metrics of a process, in the text format; that is left out where the tool is not there. */
    public static void assertAcceptsMetrics(String metrics) throws Exception {
        Process promtool = start("check", "metrics");
        if (promtool == null) {
            return;
        }
        try (OutputStream in = promtool.getOutputStream()) {
            in.write(metrics.getBytes(StandardCharsets.UTF_8));
        }
        assertNoFault(promtool);
    }

    private static void assertNoFault(Process promtool) throws Exception {
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(promtool.waitFor()).as(said).isZero();
    }

    private static Process start(String... arguments) {
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            boolean required = "required".equals(System.getenv("CONTRACTFLOW_PROMTOOL"));
            assertThat(required)
                    .as("promtool, of Debian's package prometheus, is not there")
                    .isFalse();
            System.out.println("promtool is not there: " + String.join(" ", arguments) + " is left out");
            return null;
        }
    }
}
