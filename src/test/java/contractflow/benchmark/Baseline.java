package contractflow.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the classic asyncio script came to on the same feed.
 *
 * @param failed contracts that it has lost
 * @param wall seconds
 * @param cpu seconds
 * @param peakMib the most memory that it has held
 */
record Baseline(long failed, double wall, double cpu, long peakMib) {

    private static final String SCRIPT = "src/test/python/asyncio_baseline.py";

    /** Debian's own, which has Debian's packages, before whatever else there is. */
    private static final String[] INTERPRETERS = {"/usr/bin/python3", "python3"};

    /** Empty where Python or one of its parts is missing. */
    static Optional<Baseline> measure(Path feed, String address, String dsn) throws IOException, InterruptedException {
        for (String python : INTERPRETERS) {
            if (isComplete(python)) {
                Process process = new ProcessBuilder(python, SCRIPT, feed.toString(), address, dsn)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
                JsonNode said =
                        new ObjectMapper().readTree(process.getInputStream().readAllBytes());
                process.waitFor();
                return Optional.of(new Baseline(
                        said.get("failed").asLong(),
                        said.get("wall").asDouble(),
                        said.get("cpu").asDouble(),
                        said.get("peak").asLong()));
            }
        }
        return Optional.empty();
    }

    private static boolean isComplete(String python) throws InterruptedException {
        try {
            return new ProcessBuilder(python, "-c", "import aiohttp, asyncpg")
                            .redirectErrorStream(true)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
