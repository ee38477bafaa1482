package contractflow.run;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static contractflow.support.FakeApis.contract;
import static contractflow.support.FakeApis.netsuiteError;
import static contractflow.support.FakeApis.record;
import static contractflow.support.FakeApis.usageProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.stubbing.StubMapping;
import contractflow.contract.DeadLetterFilter;
import contractflow.process.Routes;
import contractflow.support.ContractFlowTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A contract that vanishes from its feed is marked as removed, and nothing else is. */
class MissingContractsTest extends ContractFlowTest {

    @Override
    protected Map<String, String> settings() {
        return Map.of(
                "feed.missing-contracts", "mark",
                "feed.full", "contracts*.csv, regions_?.csv, other.csv",
                "feed.max-missing-percent", "20",
                "run.max-dead-percent", "100");
    }

    private Path list(String name, int... contracts) throws Exception {
        return feed(
                name,
                Arrays.stream(contracts)
                        .mapToObj(i -> "C-" + i + ",K-" + i)
                        .collect(Collectors.joining("\n", "contract_id,customer_id\n", "\n")));
    }

    private static int[] upTo(int last) {
        return IntStream.rangeClosed(1, last).toArray();
    }

    private List<Object> removed() throws Exception {
        return query(
                        "SELECT contract_id FROM contract_enriched WHERE removed_at IS NOT NULL ORDER BY length(contract_id), contract_id")
                .stream()
                .map(row -> row.get("contract_id"))
                .toList();
    }

    @Test
    void contractThatVanishes_isMarkedAndComesBack() throws Exception {
        run(list("contracts-2026-11-01.csv", upTo(10)));
        Map<String, Object> second = run(list("contracts-2026-11-02.csv", upTo(9)));

        assertThat(second)
                .containsEntry("status", "complete")
                .containsEntry("removed", 1L)
                .containsEntry("missing", 0L)
                .containsEntry("unchanged", 9L);
        assertThat(removed()).containsExactly("C-10");
        assertThat(query("SELECT removed_by FROM contract_enriched WHERE contract_id = 'C-10'"))
                .containsExactly(Map.of("removed_by", second.get("run_id")));
        assertThat(query("SELECT count(*) AS n FROM contract_current")).containsExactly(Map.of("n", 9L));

        // Still missing: once is enough.
        assertThat(run(list("contracts-2026-11-03.csv", 1, 2, 3, 4, 5, 6, 7, 8, 9)))
                .containsEntry("removed", 0L);

        assertThat(run(list("contracts-2026-11-04.csv", upTo(10))))
                .containsEntry("removed", 0L)
                .containsEntry("loaded", 1L)
                .containsEntry("unchanged", 9L);
        assertThat(removed()).isEmpty();
    }

    @Test
    void contractIsNotMarked_byARunThatIsNotComplete() throws Exception {
        run(list("contracts-2026-11-01.csv", upTo(10)));
        apis.usage().stubFor(any(anyUrl()).atPriority(1).willReturn(usageProblem(401, "unknown token")));

        assertThat(run(list("contracts-2026-11-02.csv", upTo(9))))
                .containsEntry("status", "incomplete")
                .containsEntry("removed", null);

        assertThat(removed()).isEmpty();
    }

    @Test
    void contractIsNotMarked_byAFeedThatIsNotFull() throws Exception {
        run(list("changes-2026-11-01.csv", upTo(10)));

        assertThat(run(list("changes-2026-11-02.csv", upTo(9)))).containsEntry("removed", null);

        assertThat(removed()).isEmpty();
    }

    @Test
    void namesOfFullFeeds_areNoPatternsButForTheStar() throws Exception {
        run(list("regions_a.csv", upTo(10)));

        assertThat(run(list("regions_a.csv", upTo(9)))).containsEntry("removed", null);
    }

    @Test
    void contractIsNotMarked_byAFeedOfAnotherSeries() throws Exception {
        run(list("contracts-2026-11-01.csv", upTo(10)));

        assertThat(run(list("other.csv", 11, 12))).containsEntry("removed", 0L);

        assertThat(removed()).isEmpty();
    }

    @Test
    void contractIsNotMarked_whileAnotherSeriesListsIt() throws Exception {
        run(list("contracts-2026-11-01.csv", upTo(10)));
        run(list("other.csv", 10, 11));

        assertThat(run(list("contracts-2026-11-02.csv", upTo(9)))).containsEntry("removed", 0L);
        assertThat(removed()).isEmpty();

        // It is no longer in either.
        assertThat(run(list("other.csv", 11))).containsEntry("missing", 1L);
    }

    @Test
    void contractIsNotMarked_byAReplay() throws Exception {
        apis.netsuite().stubFor(contract("C-3").willReturn(netsuiteError(404, "NONEXISTENT_ID", "No such record.")));
        run(list("contracts-2026-11-01.csv", upTo(10)));
        apis.netsuite().stubFor(contract("C-3").willReturn(record(0)));

        assertThat(replay()).containsEntry("loaded", 1L);

        assertThat(query("SELECT removed FROM run ORDER BY run_id DESC LIMIT 1").get(0))
                .containsEntry("removed", null);
        assertThat(removed()).isEmpty();
    }

    @Test
    void contractThatWasRemoved_staysSoWhenItsDeadLetterIsReplayed() throws Exception {
        run(list("contracts-2026-11-01.csv", upTo(10)));
        apis.netsuite().stubFor(contract("C-3").willReturn(netsuiteError(404, "NONEXISTENT_ID", "No such record.")));
        run(list("contracts-2026-11-02.csv", upTo(10)));
        run(list("contracts-2026-11-03.csv", 1, 2, 4, 5, 6, 7, 8, 9, 10));
        assertThat(removed()).containsExactly("C-3");
        apis.netsuite().stubFor(contract("C-3").willReturn(record(0)));

        assertThat(replay()).containsEntry("dead", 0L);

        assertThat(removed()).containsExactly("C-3");
    }

    @Test
    void contractIsNotMarked_whereItIsADeadLetterOfTheRun() throws Exception {
        run(list("contracts-2026-11-01.csv", upTo(10)));
        apis.netsuite().stubFor(contract("C-3").willReturn(netsuiteError(404, "NONEXISTENT_ID", "No such record.")));

        assertThat(run(list("contracts-2026-11-02.csv", upTo(10))))
                .containsEntry("dead", 1L)
                .containsEntry("removed", 0L);

        assertThat(removed()).isEmpty();
    }

    @Test
    void contractsAreNotMarked_whereARowMayBeAnyOfThem() throws Exception {
        run(list("contracts-2026-11-01.csv", upTo(10)));

        Path feed = list("contracts-2026-11-02.csv", upTo(9));
        Files.writeString(feed, ",K-10\n", StandardOpenOption.APPEND);
        Map<String, Object> run = run(feed);

        assertThat(run)
                .containsEntry("missing", 1L)
                .containsEntry("removed", 0L)
                .containsEntry("not_removed_because", "1 rows of the feed have no contract_id");
        assertThat(removed()).isEmpty();
    }

    @Test
    void contractsAreNotMarked_byAFeedThatHasShrunkBeyondItsGuard() throws Exception {
        for (int day = 1; day <= 3; day++) {
            run(list("contracts-2026-11-0" + day + ".csv", upTo(10)));
        }
        context.getPropertiesComponent().addOverrideProperty("feed.max-missing-percent", "100");
        context.getPropertiesComponent().addOverrideProperty("contractflow.force", "true");

        assertThat(run(list("contracts-2026-11-04.csv", 1, 2)))
                .containsEntry("status", "complete")
                .containsEntry("missing", 8L)
                .containsEntry("removed", 0L)
                .containsEntry("not_removed_because", "the feed is smaller than feed.max-shrink-percent allows");
        assertThat(removed()).isEmpty();
    }

    @Test
    void contractsAreNotMarked_whereTheyAreTooMany_untilAPersonSaysSo() throws Exception {
        run(list("contracts-2026-11-01.csv", upTo(10)));

        Map<String, Object> run = run(list("contracts-2026-11-02.csv", upTo(7)));

        assertThat(run)
                .containsEntry("status", "complete")
                .containsEntry("missing", 3L)
                .containsEntry("removed", 0L)
                .containsEntry(
                        "not_removed_because", "they are 30.0 % of the series, more than feed.max-missing-percent=20");
        assertThat(report(run.get("run_id")))
                .contains(
                        "3 contracts of the table are missing from the feed and not marked as removed, since they are 30.0 %")
                .contains("`contractflow mark-missing " + run.get("run_id") + "` marks them");

        assertThat(mark(run.get("run_id")).get("removed")).isEqualTo(3L);

        assertThat(removed()).containsExactly("C-8", "C-9", "C-10");
        assertThat(query("SELECT missing, removed, not_removed_because FROM run WHERE run_id = 2"))
                .singleElement()
                .satisfies(row -> assertThat(row)
                        .containsEntry("missing", 0L)
                        .containsEntry("removed", 3L)
                        .containsEntry("not_removed_because", null));
    }

    @Test
    void runThatDoesNotTell_isRefusedWithItsReason() throws Exception {
        Object first = run(list("contracts-2026-11-01.csv", upTo(10))).get("run_id");
        run(list("contracts-2026-11-02.csv", upTo(7)));
        Object other = run(list("changes.csv", 1)).get("run_id");

        assertThat(mark(first).get("fault"))
                .isEqualTo("run 2 has listed the contracts after run 1: mark those that are missing from it");
        assertThat(mark(other).get("fault")).asString().contains("run 3 does not say which contracts are missing");
        assertThat(mark(99L)).isNull();
        assertThat(removed()).isEmpty();
    }

    @Test
    void contractsAreNotMarked_byARunThatIsOlderThanTheLastOne() throws Exception {
        run(list("contracts-2026-11-01.csv", upTo(10)));
        StubMapping refusal =
                apis.usage().stubFor(any(anyUrl()).atPriority(1).willReturn(usageProblem(401, "unknown token")));
        Path older = list("contracts-2026-11-02.csv", upTo(9));
        assertThat(run(older)).containsEntry("status", "incomplete");
        apis.usage().removeStub(refusal);
        run(list("contracts-2026-11-03.csv", upTo(10)));

        run(older);

        assertThat(query("SELECT status, removed FROM run WHERE run_id = 2"))
                .singleElement()
                .satisfies(run ->
                        assertThat(run).containsEntry("status", "complete").containsEntry("removed", null));
        assertThat(removed()).isEmpty();
    }

    @Test
    void firstFullFeed_isComparedWithWhatTheSeriesHasBroughtBefore() throws Exception {
        run(list("contracts-2026-11-01.csv", upTo(10)));
        execute("TRUNCATE listed_contract");

        assertThat(run(list("contracts-2026-11-02.csv", upTo(9)))).containsEntry("removed", 1L);

        assertThat(removed()).containsExactly("C-10");
    }

    private Map<String, Object> replay() throws Exception {
        DeadLetterFilter all = new DeadLetterFilter(null, null, null, null, null);
        List<?> months = Routes.ask(template, "direct:find-replays", all, null, List.class);
        Routes.ask(template, "direct:replay", all, months, List.class);
        return query("SELECT * FROM run ORDER BY run_id DESC LIMIT 1").get(0);
    }

    private String report(Object run) throws Exception {
        return Routes.ask(
                template,
                "direct:show-report",
                new DeadLetterFilter((Long) run, null, null, null, null),
                "text",
                String.class);
    }

    private Map<?, ?> mark(Object run) throws Exception {
        return Routes.ask(template, "direct:mark-missing-contracts", null, run, Map.class);
    }
}
