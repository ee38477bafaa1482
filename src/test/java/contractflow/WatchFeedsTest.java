package contractflow;

import static contractflow.FakeApis.contract;
import static contractflow.FakeApis.netsuiteError;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A feed that is dropped into the folder is run once it is whole, and lies where its outcome belongs after that. */
class WatchFeedsTest extends ContractFlowTest {

    private static final String HEADER = "contract_id,customer_id\n";

    @Override
    protected boolean watches() {
        return true;
    }

    @Test
    void completeFeedIsDoneWhenItsLastContractIsStored() throws Exception {
        slowDownLoading(Duration.ofMillis(200));
        apis.netsuite().stubFor(contract("C-2").willReturn(netsuiteError(404, "NONEXISTENT_ID", "There is no such record.")));

        feedOf(4);

        await().pollInterval(Duration.ofMillis(20)).until(() -> files("done").equals(List.of("contracts.csv")));
        assertThat(query("SELECT status, loaded, dead FROM run"))
                .containsExactly(Map.of("status", "complete", "loaded", 3L, "dead", 1L));
        assertThat(files("")).isEmpty();
    }

    @Test
    void unreadableFeedIsPutAsideWithItsReason() throws Exception {
        feed("contracts.csv", "nothing\n");

        await().untilAsserted(() -> assertThat(folder.resolve("failed/contracts.csv.reason"))
                .content()
                .startsWith("contracts.csv: line 1 must be a header"));
        assertThat(files("failed")).containsExactly("contracts.csv", "contracts.csv.reason");
        assertThat(files("")).isEmpty();
        assertThat(apis.netsuiteCalls()).isZero();
    }

    @Test
    void feedThatIsDroppedAgainRunsAgainAndBothAreKept() throws Exception {
        feedOf(1);
        await().until(() -> files("done").size() == 1);

        feedOf(1);
        await().until(() -> files("done").size() == 2);

        assertThat(files("done")).anyMatch("contracts.csv"::equals).anyMatch(name -> name.matches("\\d{8}-\\d{6}-contracts.csv"));
        assertThat(query("SELECT run_id, status, loaded, unchanged FROM run ORDER BY run_id")).containsExactly(
                Map.of("run_id", 1L, "status", "complete", "loaded", 1L, "unchanged", 0L),
                Map.of("run_id", 2L, "status", "complete", "loaded", 0L, "unchanged", 1L));
    }

    @Test
    void onlyFeedsAreTakenWhateverTheCaseOfTheirNames() throws Exception {
        feed("a.txt", HEADER + "A,1\n");
        feed("b.csv.part", HEADER + "B,1\n");
        feed("c.CSV", HEADER + "C,1\n");
        feed("d.Json", "[{\"contract_id\":\"D\",\"customer_id\":1}]");
        feed("e.jsonl", "{\"contract_id\":\"E\",\"customer_id\":1}");

        await().until(() -> files("done").size() == 3);
        assertThat(files("done")).containsExactly("c.CSV", "d.Json", "e.jsonl");
        assertThat(files("")).containsExactly("a.txt", "b.csv.part");
    }

    @Test
    void feedIsTakenWhenItIsWhole() throws Exception {
        Path feed = feed("contracts.csv", HEADER);
        AtomicInteger written = new AtomicInteger();
        await().pollInterval(Duration.ofMillis(250)).until(() -> {
            Files.writeString(feed, "C-" + written.incrementAndGet() + ",K-1\n", StandardOpenOption.APPEND);
            return written.get() == 12;
        });

        await().until(() -> files("done").size() == 1);
        assertThat(query("SELECT rows, loaded FROM run")).containsExactly(Map.of("rows", 12L, "loaded", 12L));
    }

    /** The names of the files in a folder below the watched one, sorted. */
    private List<String> files(String below) throws IOException {
        Path path = folder.resolve(below);
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.filter(Files::isRegularFile).map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
