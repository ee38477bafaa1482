package contractflow.feed.folder;

import static contractflow.support.FakeApis.anyContract;
import static contractflow.support.FakeApis.contract;
import static contractflow.support.FakeApis.netsuiteError;
import static contractflow.support.FakeApis.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import contractflow.feed.FoundFeed;
import contractflow.page.WaitingFeeds;
import contractflow.support.CapturedLog;
import contractflow.support.ContractFlowTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A feed that is dropped into the folder is run once it is whole, and lies where its outcome belongs after that. */
@Tag("slow")
class WatchFeedsTest extends ContractFlowTest {

    private static final String HEADER = "contract_id,customer_id\n";

    @Override
    protected boolean watches() {
        return true;
    }

    @Test
    void completeFeedIsDoneWhenItsLastContractIsStored() throws Exception {
        slowDownLoading(Duration.ofMillis(200));
        apis.netsuite()
                .stubFor(contract("C-2").willReturn(netsuiteError(404, "NONEXISTENT_ID", "There is no such record.")));

        feedOf(4);

        await().pollInterval(Duration.ofMillis(20)).until(() -> files("done").equals(List.of("contracts.csv")));
        assertThat(query("SELECT status, loaded, dead FROM run"))
                .containsExactly(Map.of("status", "complete", "loaded", 3L, "dead", 1L));
        assertThat(files("")).isEmpty();
    }

    @Test
    void pageShowsWhichFeedsWaitAndWhy() throws Exception {
        slowDownLoading(Duration.ofSeconds(2));
        feedOf(1);
        await().until(() -> !query("SELECT FROM run").isEmpty());
        feed("empty.csv", "");
        feed("next.csv", HEADER + "B,1\n");

        assertThat(WaitingFeeds.now(context()).feeds())
                .containsExactlyInAnyOrder(new WaitingFeed("empty.csv", "is empty"), new WaitingFeed("next.csv", null));
        await().until(() -> files("done").size() == 2);
        assertThat(WaitingFeeds.now(context()).feeds()).containsExactly(new WaitingFeed("empty.csv", "is empty"));
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

        assertThat(files("done"))
                .anyMatch("contracts.csv"::equals)
                .anyMatch(name -> name.matches("\\d{8}-\\d{6}-contracts.csv"));
        assertThat(query("SELECT run_id, status, loaded, unchanged FROM run ORDER BY run_id"))
                .containsExactly(
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

    @Test
    void feedThatReplacesAnotherInMidRunIsRunNext() throws Exception {
        apis.netsuite().stubFor(anyContract().willReturn(record(500)));
        feedOf(3);
        await().until(() -> apis.netsuiteCalls() > 0);
        Path other = feed("other.txt", HEADER + "D-1,K-1\n");
        Files.move(other, folder.resolve("contracts.csv"), StandardCopyOption.REPLACE_EXISTING);

        await().until(() -> files("done").size() == 1);
        assertThat(folder.resolve("done/contracts.csv")).hasContent(HEADER + "D-1,K-1\n");
        assertThat(query("SELECT status, loaded FROM run ORDER BY run_id"))
                .containsExactly(
                        Map.of("status", "complete", "loaded", 3L), Map.of("status", "complete", "loaded", 1L));
    }

    @Test
    void feedThatGoesOnInTheMiddleOfAnIdIsRunAgainWhenItIsWhole() throws Exception {
        apis.netsuite().stubFor(anyContract().willReturn(record(2500)));
        Path feed = feed("contracts.csv", HEADER + "C-1,K-1\nC-2,25");
        await().until(() -> apis.netsuiteCalls() > 0);
        Files.writeString(feed, "0\nC-3,K-3\n", StandardOpenOption.APPEND);
        apis.netsuite().stubFor(anyContract().willReturn(record(0)));

        await().until(() -> files("done").size() == 1);
        assertThat(folder.resolve("done/contracts.csv")).hasContent(HEADER + "C-1,K-1\nC-2,250\nC-3,K-3\n");
        assertThat(query("SELECT status, rows FROM run ORDER BY run_id"))
                .containsExactly(Map.of("status", "incomplete", "rows", 2L), Map.of("status", "complete", "rows", 3L));
        assertThat(value("SELECT customer_id FROM contract_enriched WHERE contract_id = 'C-2'"))
                .isEqualTo("250");
    }

    @Test
    void feedThatIsDeletedInMidRunIsRunAllTheSame() throws Exception {
        apis.netsuite().stubFor(anyContract().willReturn(record(500)));
        try (CapturedLog log = CapturedLog.listen()) {
            Path feed = feedOf(3);
            await().until(() -> apis.netsuiteCalls() > 0);
            Files.delete(feed);

            await().until(() -> value("SELECT count(*) FROM run WHERE status = 'complete' AND loaded = 3")
                    .equals(1L));
            assertThat(log.lines())
                    .filteredOn(line -> line.contains("contracts.csv was deleted"))
                    .hasSize(1);
        }
        assertThat(files("done")).isEmpty();
    }

    @Test
    void feedIsWatchedAfterItWasArchived() throws Exception {
        feedOf(1);
        Path archived = folder.resolve("done/contracts.csv");
        await().until(() -> Files.exists(archived));
        // As a program does that has had it open all the time.
        Files.writeString(archived, "C-2,K-2\n", StandardOpenOption.APPEND);

        await().until(() -> value("SELECT count(*) FROM run WHERE status = 'complete' AND rows = 2")
                .equals(1L));
        await().until(() -> files("done").equals(List.of("contracts.csv")));
        assertThat(Files.readString(archived)).endsWith("C-2,K-2\n");
    }

    @Test
    void emptyFeedWaitsForItsContent() throws Exception {
        try (CapturedLog log = CapturedLog.listen()) {
            Path feed = feed("contracts.csv", "");
            await().until(() -> log.lines().contains("WARN contracts.csv is passed over: it is empty"));
            Files.writeString(feed, HEADER + "C-1,K-1");

            await().until(() -> files("done").equals(List.of("contracts.csv")));
        }
        assertThat(query("SELECT status, loaded FROM run")).containsExactly(Map.of("status", "complete", "loaded", 1L));
        assertThat(files("failed")).isEmpty();
    }

    @Test
    void feedsAreRunOldestFirstPastThoseThatCannotBeTaken() throws Exception {
        Files.createDirectory(folder.resolve("a folder.csv"));
        Files.createSymbolicLink(folder.resolve("a link.csv"), Path.of("nowhere.csv"));
        assertThat(new ProcessBuilder("mkfifo", folder.resolve("a pipe.csv").toString())
                        .start()
                        .waitFor())
                .isZero();
        // Nothing can be moved there.
        feed("failed", "");
        List<String> names = List.of("unreadable.csv", "c.csv", "a.csv", "e.csv", "d.csv", "b.csv");
        for (int i = 0; i < names.size(); i++) {
            Path part = feed("part", i == 0 ? "nothing\n" : HEADER + "C-" + i + ",K\n");
            Files.setLastModifiedTime(part, FileTime.from(Instant.now().plus(Duration.ofDays(i - 3))));
            Files.move(part, folder.resolve(names.get(i)));
        }
        AtomicInteger written = new AtomicInteger();
        try (CapturedLog log = CapturedLog.listen()) {
            await().pollInterval(Duration.ofMillis(100)).until(() -> {
                Files.writeString(folder.resolve("growing.csv"), HEADER + "G,K\n".repeat(written.incrementAndGet()));
                return files("done").size() == 5
                        && context.getRegistry()
                                        .lookupByNameAndType("feedFolder", FeedFolder.class)
                                        .problems()
                                        .size()
                                == 5;
            });

            assertThat(query("SELECT feed FROM run ORDER BY run_id").stream().map(run -> run.get("feed")))
                    .isEqualTo(names);
            assertThat(log.lines().stream()
                            .filter(line -> line.contains("is passed over"))
                            .toList())
                    .containsExactlyInAnyOrder(
                            "WARN a folder.csv is passed over: it is a folder",
                            "WARN a link.csv is passed over: it is a link that leads nowhere",
                            "WARN a pipe.csv is passed over: it is no regular file",
                            "WARN growing.csv is passed over: it is still being written",
                            "WARN unreadable.csv is passed over: it has been run, but cannot be moved to failed/: "
                                    + "FileAlreadyExistsException: " + folder.resolve("failed"));
        }
        Files.delete(folder.resolve("failed"));
        await().until(() -> files("failed").equals(List.of("unreadable.csv", "unreadable.csv.reason")));
        assertThat(query("SELECT * FROM run WHERE feed = 'unreadable.csv'"))
                .as("it is moved, and not run again")
                .hasSize(1);
        await().until(() -> files("done").contains("growing.csv"));
    }

    @Test
    void linkIsArchivedAsWhatItLeadsTo() throws Exception {
        Path exported = Files.writeString(reports.resolve("export.csv"), HEADER + "C-1,K-1\n");
        Files.createSymbolicLink(folder.resolve("contracts.csv"), exported);

        await().until(() -> files("done").equals(List.of("contracts.csv")));
        assertThat(folder.resolve("done/contracts.csv")).isRegularFile().hasContent(HEADER + "C-1,K-1\n");
        assertThat(Files.isSymbolicLink(folder.resolve("done/contracts.csv"))).isFalse();
        assertThat(folder.resolve("contracts.csv")).doesNotExist();
        assertThat(exported).exists();
    }

    @ParameterizedTest
    @ValueSource(strings = {"export.csv", "absolute"})
    void linkIsAFeedAgainWhenWhatItLeadsToIsWrittenOn(String target) throws Exception {
        Path exported = Files.writeString(reports.resolve("export.csv"), HEADER + "C-1,K-1\n");
        Path link = folder.resolve("contracts.csv");
        Files.createSymbolicLink(link, target.equals("absolute") ? exported : folder.relativize(exported));
        await().until(() -> files("done").equals(List.of("contracts.csv")));
        Files.writeString(exported, "C-2,K-2\n", StandardOpenOption.APPEND);
        await().until(() -> files("done").size() == 2);
        Path other = Files.writeString(reports.resolve("other.csv"), HEADER + "C-3,K-3\n");
        Files.move(other, exported, StandardCopyOption.REPLACE_EXISTING);
        await().until(() -> files("done").size() == 3);

        assertThat(query("SELECT status, rows FROM run ORDER BY run_id"))
                .containsExactly(
                        Map.of("status", "complete", "rows", 1L),
                        Map.of("status", "complete", "rows", 2L),
                        Map.of("status", "complete", "rows", 1L));
        assertThat(folder.resolve("done/contracts.csv")).as("what was run").hasContent(HEADER + "C-1,K-1\n");
        assertThat(link).doesNotExist();
        assertThat(exported).hasContent(HEADER + "C-3,K-3\n");
    }

    @Test
    void feedIsWatchedUnderItsOtherNames() throws Exception {
        Path feed = Files.writeString(reports.resolve("export.csv"), HEADER + "C-1,K-1\n");
        Files.createLink(folder.resolve("contracts.csv"), feed);
        await().until(() -> files("done").equals(List.of("contracts.csv")));
        // The same content at another time, and something else after that.
        Files.setLastModifiedTime(feed, FileTime.from(Instant.now().minusSeconds(60)));
        await().pollDelay(Duration.ofSeconds(1)).until(() -> files("done").equals(List.of("contracts.csv")));
        Files.writeString(feed, "C-2,K-2\n", StandardOpenOption.APPEND);

        await().until(() -> value("SELECT count(*) FROM run WHERE status = 'complete' AND rows = 2")
                .equals(1L));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void archivedFeedIsWatchedAcrossARestart(boolean link) throws Exception {
        Path exported = Files.writeString(reports.resolve("export.csv"), HEADER + "C-1,K-1\n");
        feed("sound.csv", HEADER + "C-9,K-9\n");
        if (link) {
            Files.createSymbolicLink(folder.resolve("contracts.csv"), exported);
        } else {
            Files.copy(exported, folder.resolve("contracts.csv"));
        }
        await().until(() -> files("done").size() == 2);
        context().getRouteController().stopRoute("watch-feeds");
        Files.writeString(
                link ? exported : folder.resolve("done/contracts.csv"), "C-2,K-2\n", StandardOpenOption.APPEND);

        FeedFolder restarted = new FeedFolder();
        restarted.setDirectory(folder.toString());
        restarted.setSettleTime("0s");
        FoundFeed found = restarted.next();

        assertThat(found.name()).isEqualTo("contracts.csv");
        assertThat(found.path()).hasContent(HEADER + "C-1,K-1\nC-2,K-2\n");
        assertThat(files("done")).isEqualTo(link ? List.of("contracts.csv", "sound.csv") : List.of("sound.csv"));
        assertThat(folder.resolve(".archived/done/contracts.csv")).doesNotExist();
        assertThat(folder.resolve(".archived/done/sound.csv")).exists();
    }

    @Test
    void linkThatLeadsToNoFileIsNamedOnce() throws Exception {
        Files.createSymbolicLink(folder.resolve("a loop.csv"), Path.of("a loop.csv"));
        Files.createSymbolicLink(folder.resolve("a folder.csv"), reports);
        assertThat(new ProcessBuilder("mkfifo", reports.resolve("pipe").toString())
                        .start()
                        .waitFor())
                .isZero();
        Files.createSymbolicLink(folder.resolve("a pipe.csv"), reports.resolve("pipe"));
        try (CapturedLog log = CapturedLog.listen()) {
            feedOf(1);
            await().until(() -> files("done").equals(List.of("contracts.csv")));
            FeedFolder watched = context.getRegistry().lookupByNameAndType("feedFolder", FeedFolder.class);
            await().until(() -> watched.problems().size() == 3);
            feed("next.csv", HEADER + "B,1\n");
            await().until(() -> files("done").size() == 2);
            assertThat(log.lines().stream()
                            .filter(line -> line.contains("is passed over"))
                            .toList())
                    .containsExactlyInAnyOrder(
                            "WARN a loop.csv is passed over: it is a link that leads nowhere",
                            "WARN a folder.csv is passed over: it is a folder",
                            "WARN a pipe.csv is passed over: it is no regular file");
        }
    }

    /** The names of the files in a folder below the watched one, sorted. */
    private List<String> files(String below) throws IOException {
        Path path = folder.resolve(below);
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }
}
