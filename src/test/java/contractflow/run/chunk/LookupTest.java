package contractflow.run.chunk;

import static contractflow.support.ManyApis.netsuiteError;
import static contractflow.support.ManyApis.usageProblem;
import static org.assertj.core.api.Assertions.assertThat;

import contractflow.support.ContractFlowTest;
import contractflow.support.ManyApis;
import contractflow.support.ManyApis.Answer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Contracts are looked up many at once, and what comes of each is what would come of it alone. */
class LookupTest extends ContractFlowTest {

    private final ManyApis many = new ManyApis();

    @Override
    protected Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        settings.put("netsuite.base-url", many.baseUrl());
        settings.put("usage.base-url", many.baseUrl());
        settings.put("netsuite.contracts-per-call", "100");
        settings.put("usage.customers-per-call", "20");
        settings.put("run.max-dead-percent", "100");
        settings.put("api.max-wait", "20s");
        return settings;
    }

    @AfterEach
    void stopApis() {
        many.close();
    }

    /** A feed of contracts 1 to n, each of the customer that many of them have. */
    private Path feedOf(int contracts, int perCustomer) throws Exception {
        return feed(
                "contracts.csv",
                "contract_id,customer_id\n"
                        + IntStream.rangeClosed(1, contracts)
                                .mapToObj(i -> i + "," + (1000 + (i - 1) / perCustomer) + "\n")
                                .collect(Collectors.joining()));
    }

    private List<String> dead() throws Exception {
        return query(
                        "SELECT contract_id || ' ' || stage || ' ' || reason AS letter FROM dead_letter ORDER BY line_number")
                .stream()
                .map(row -> (String) row.get("letter"))
                .toList();
    }

    @Test
    void manyAreAskedForInOneCall() throws Exception {
        assertThat(run(feedOf(250, 2))).containsEntry("status", "complete").containsEntry("loaded", 250L);

        assertThat(query("SELECT api, calls, records FROM run_api ORDER BY api"))
                .containsExactly(
                        Map.of("api", "netsuite", "calls", 3L, "records", 250L),
                        Map.of("api", "usage", "calls", 8L, "records", 125L));
        assertThat(many.queries).hasSize(3);
        assertThat(many.gets).isEmpty();
        assertThat(many.reports).hasSize(3 + 3 + 2).allMatch(customers -> customers.size() <= 20);
        assertThat(many.reports.stream().flatMap(List::stream)).doesNotHaveDuplicates();
        assertThat(query(
                        "SELECT contract_name, status, start_date::text AS start, total_value::text AS value, currency,"
                                + " usage_value::text AS usage FROM contract_enriched WHERE contract_id = '7'"))
                .containsExactly(Map.of(
                        "contract_name", "CON 7",
                        "status", "Active",
                        "start", "2026-01-01",
                        "value", "12000.50",
                        "currency", "USD",
                        "usage", "1003"));
    }

    @Test
    void theBadOnesAloneAreDead() throws Exception {
        many.missing.addAll(List.of("3", "150", "151"));
        many.unknown.addAll(List.of("1020", "1021", "1099"));

        assertThat(run(feedOf(200, 2)))
                .containsEntry("status", "complete")
                .containsEntry("loaded", 191L)
                .containsEntry("dead", 9L);

        assertThat(dead())
                .containsExactly(
                        "3 netsuite 404 NONEXISTENT_ID",
                        "41 usage 404",
                        "42 usage 404",
                        "43 usage 404",
                        "44 usage 404",
                        "150 netsuite 404 NONEXISTENT_ID",
                        "151 netsuite 404 NONEXISTENT_ID",
                        "199 usage 404",
                        "200 usage 404");
        assertThat(many.queries).hasSize(2);
        // A probe may be among them, which asks for a contract that was answered.
        assertThat(many.gets).contains("3", "150", "151").hasSizeLessThanOrEqualTo(5);
        assertThat(many.reports).hasSizeLessThanOrEqualTo(6 + 3 * 2 + 2);
    }

    @Test
    void idThatIsNoWholeNumberIsAskedForByItself() throws Exception {
        Path feed = feed(
                "contracts.csv",
                "contract_id,customer_id\n1,7\n2,7\n007,7\nC-9,7\n1 OR 1=1,7\n99999999999999999999,7\n");

        assertThat(run(feed)).containsEntry("status", "complete").containsEntry("rows", 6L);

        assertThat(many.queries).containsExactly(List.of("1", "2"));
        assertThat(many.gets).hasSize(4);
    }

    @Test
    void queryThatIsRefusedWhateverItAsksFor_stopsTheRun() throws Exception {
        many.onQuery = ids -> netsuiteError(400, "INVALID_PARAMETER", "Unknown identifier currency.");

        Map<String, Object> run = run(feedOf(500, 2));

        assertThat(run).containsEntry("status", "incomplete").containsEntry("dead", 0L);
        assertThat((String) run.get("reason"))
                .contains("sql/netsuite-lookup.sql", "Unknown identifier currency.", "netsuite.contracts-per-call=1");
        assertThat(many.queries.size()).isLessThanOrEqualTo(10);
        assertThat(many.gets).isEmpty();
    }

    @Test
    void queryWithoutPermission_stopsTheRun() throws Exception {
        many.onQuery = ids -> netsuiteError(403, "INSUFFICIENT_PERMISSION", "no permission");

        Map<String, Object> run = run(feedOf(500, 2));

        assertThat(run).containsEntry("status", "incomplete").containsEntry("dead", 0L);
        assertThat((String) run.get("reason")).contains("SuiteAnalytics Workbook");
        assertThat(many.queries.size()).isLessThanOrEqualTo(10);
    }

    @Test
    void queryThatIsRefusedForOneContract_isMadeInParts() throws Exception {
        many.onQuery = ids -> ids.contains("1") ? netsuiteError(400, "INVALID_VALUE", "bad") : null;

        assertThat(run(feedOf(200, 2))).containsEntry("status", "complete").containsEntry("loaded", 200L);

        assertThat(many.gets).containsExactly("1");
        assertThat(many.queries).hasSizeLessThanOrEqualTo(2 + 1 + 2 * 7);
    }

    @Test
    void queryThatFailsForItsSize_isMadeInPartsAndThenInThatSize() throws Exception {
        many.onQuery = ids -> ids.size() > 50 ? new Answer(504, "<html>timeout</html>") : null;

        assertThat(run(feedOf(1000, 2))).containsEntry("status", "complete").containsEntry("loaded", 1000L);

        assertThat(many.gets.size()).isLessThanOrEqualTo(10);
        assertThat(many.queries.stream().filter(ids -> ids.size() > 50).count()).isLessThan(100);
    }

    @Test
    void usageForManyThatIsNeverAnswered_isAskedForOneByOne() throws Exception {
        many.onReport = customers -> customers.size() > 1 ? usageProblem(400, "one filter only") : null;

        assertThat(run(feedOf(1000, 2))).containsEntry("status", "complete").containsEntry("loaded", 1000L);

        assertThat(many.reports.stream()
                        .filter(customers -> customers.size() > 1)
                        .count())
                .isLessThan(300);
        assertThat(many.reports.stream().filter(customers -> customers.size() == 1))
                .hasSize(500);
    }

    @Test
    void flakyCallsAreMadeAgain() throws Exception {
        Map<List<String>, Boolean> failed = new ConcurrentHashMap<>();
        many.onQuery = ids -> failed.put(ids, true) == null ? new Answer(500, "oops") : null;
        many.onReport = ids -> failed.put(ids, true) == null ? new Answer(502, "oops") : null;

        assertThat(run(feedOf(300, 2)))
                .containsEntry("status", "complete")
                .containsEntry("loaded", 300L)
                .containsEntry("dead", 0L);
    }

    @Test
    void customerOfSeveralChunksIsAskedForOnce() throws Exception {
        assertThat(run(feedOf(1000, 500))).containsEntry("status", "complete").containsEntry("loaded", 1000L);

        assertThat(many.reports.stream().flatMap(List::stream)).hasSize(2);
    }
}
