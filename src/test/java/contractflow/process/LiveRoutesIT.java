package contractflow.process;

import static contractflow.support.FakeApis.contract;
import static contractflow.support.FakeApis.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import contractflow.support.ChildProcess;
import contractflow.support.Guide;
import contractflow.support.ProcessTest;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Under the profile dev, what is saved is live, and a mistake changes nothing. */
@Tag("slow")
class LiveRoutesIT extends ProcessTest {

    private ChildProcess process;

    @Test
    void whatIsSavedIsLiveAndAMistakeChangesNothing() throws Exception {
        Guide.copy("routes", folder);
        Guide.copy("sql", folder);
        try (ServerSocket free = new ServerSocket(0)) {
            environment.put("SERVER_PORT", String.valueOf(free.getLocalPort()));
        }
        try (ChildProcess started = start("--profile", "dev")) {
            process = started;
            awaitOutput("Routes and statements are live as they are saved");
            awaitOutput("The warehouse is");

            save("routes/run/run.camel.yaml", "${variable.feed.name} starts,", "${variable.feed.name} begins,");
            awaitOutput("routes/run/run.camel.yaml is live");
            drop("first.csv");
            awaitOutput("run 1 of first.csv begins, ");

            long line = save("routes/run/customer-usage.camel.yaml", "method: known", "methd: known");
            awaitOutput("routes/run/customer-usage.camel.yaml, line " + line
                    + ": Unsupported field: methd; the routes are as they were");
            drop("second.csv");
            awaitOutput("run 2 of second.csv: COMPLETE");

            save("routes/run/customer-usage.camel.yaml", "methd: known", "method: known");
            awaitOutput("routes/run/customer-usage.camel.yaml is live");
            // What Camel finds out only when it starts the route.
            save("routes/contractflow.camel.yaml", "#groupedContracts", "#grupedContracts");
            awaitOutput("routes/contractflow.camel.yaml, line "
                    + lineOf(Files.readString(folder.resolve("routes/contractflow.camel.yaml")), "id: collect-batch")
                    + ", route collect-batch: Cannot find AggregationStrategy in Registry with name: #grupedContracts");
            save("routes/contractflow.camel.yaml", "#grupedContracts", "#groupedContracts");
            awaitOutput("routes/contractflow.camel.yaml is live");

            apis.netsuite().stubFor(contract("C-1").willReturn(record(3000)));
            drop("third.csv");
            awaitOutput("run 3 of third.csv begins, ");
            save("sql/load-batch.sql", "netsuite ->> 'name' ", "upper(netsuite ->> 'name') ");
            awaitOutput("sql/load-batch.sql was saved; it is live when run 3 is over");
            awaitOutput("sql/load-batch.sql is live");
            assertThat(query("SELECT contract_name FROM contract_enriched"))
                    .containsExactly(Map.of("contract_name", "CON C-1"));
            assertThat(started.output())
                    .contains("run 3 of third.csv: COMPLETE")
                    .doesNotContain(" WARN ");
            started.assertFitToRead();
        }
    }

    /**
     * Changes a piece of a file that is there once.
     *
     * @return its line
     */
    private long save(String name, String before, String after) throws IOException {
        Path file = folder.resolve(name);
        String text = Files.readString(file);
        assertThat(text.split(Pattern.quote(before), -1)).as(before).hasSize(2);
        Files.writeString(file, text.replace(before, after));
        return lineOf(text, before);
    }

    private static long lineOf(String text, String piece) {
        return text.substring(0, text.indexOf(piece)).lines().count();
    }

    private void drop(String name) throws IOException {
        Path feeds = folder.resolve("feeds");
        await().until(() -> Files.isDirectory(feeds));
        Files.move(
                Path.of(feed(name, "contract_id,customer_id\nC-1,K-1\n")),
                feeds.resolve(name),
                StandardCopyOption.ATOMIC_MOVE);
    }

    private void awaitOutput(String expected) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(process.output()).contains(expected));
    }
}
