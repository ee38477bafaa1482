package contractflow.check;

import static contractflow.support.FakeApis.anyContract;
import static contractflow.support.FakeApis.anyCustomer;
import static contractflow.support.FakeApis.contract;
import static contractflow.support.FakeApis.json;
import static contractflow.support.FakeApis.listed;
import static contractflow.support.FakeApis.netsuiteError;
import static contractflow.support.FakeApis.page;
import static contractflow.support.FakeApis.pageAfter;
import static contractflow.support.FakeApis.record;
import static contractflow.support.FakeApis.report;
import static contractflow.support.FakeApis.usageProblem;
import static org.assertj.core.api.Assertions.assertThat;

import contractflow.feed.Feed;
import contractflow.process.Routes;
import contractflow.support.ContractFlowTest;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What a check makes of the feed, of what the APIs answer, and of the rows that come of it. */
class CheckTest extends ContractFlowTest {

    @Override
    protected Map<String, String> settings() {
        return Map.of(
                "netsuite.concurrency", "2",
                "netsuite.requests-per-second", "40",
                "usage.concurrency", "50",
                "usage.requests-per-second", "20");
    }

    @Test
    void newestFeedOfTheFolderIsTried() throws Exception {
        feed("new.ndjson", "{\"contract_id\":\"C-7\",\"customer_id\":\"K-7\"}\n{\"contract_id\":7}\n");
        feed("old.csv", "contract_id,customer_id\nC-1,K-1\n").toFile().setLastModified(1);
        feed("newer.txt", "contract_id,customer_id\nC-2,K-2\n");

        assertThat(check(true, 5, null))
                .containsPattern("(?m)^ok +feed +new.ndjson has 1 contracts$")
                .containsPattern("(?m)^note +feed +.* would be dead letters; the first is row 2: no customer_id$")
                .containsPattern("(?m)^row +loaded +contract_id=C-7, customer_id=K-7, ");
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("new.ndjson", "old.csv", "newer.txt");
    }

    @Test
    void estimateIsTheFloorOfTheNumbersThatItShows() throws Exception {
        apis.netsuite().stubFor(anyContract().willReturn(record(300)));
        apis.usage().stubFor(anyCustomer().willReturn(report(100)));
        StringBuilder csv = new StringBuilder("contract_id,customer_id\n");
        for (int i = 0; i < 3000; i++) {
            csv.append("C-").append(i).append(",K-").append(i % 30).append('\n');
        }

        String said = check(true, 2, feed("contracts.csv", csv.toString()));

        List<BigDecimal> bounds = new ArrayList<>();
        bounds.add(bound(said, "netsuite +3,000 contracts / 40 a second = ()([\\d.]+) s", "3000", "40"));
        bounds.add(bound(said, "netsuite +3,000 contracts \\* ([\\d.]+) s / 2 at once = ([\\d.]+) s", "3000", "2"));
        bounds.add(bound(said, "usage +30 customers / 20 a second = ()([\\d.]+) s", "30", "20"));
        bounds.add(bound(said, "usage +30 customers \\* ([\\d.]+) s / 50 at once = ([\\d.]+) s", "30", "50"));
        BigDecimal floor = bounds.stream().max(BigDecimal::compareTo).orElseThrow();
        assertThat(floor).isEqualTo(bounds.get(1));
        assertThat(said)
                .containsPattern(
                        "(?m)^estimate +run +at least \\d:\\d\\d:\\d\\d, which netsuite takes: " + floor + " s$");
        // A call cannot have taken less than the answer was held back.
        assertThat(floor).isGreaterThanOrEqualTo(new BigDecimal("450"));
    }

    @Test
    void sampleOfNoneAsksForNoContract() throws Exception {
        assertThat(check(true, 0, feedOf(100)))
                .containsPattern("(?m)^estimate +netsuite +100 contracts / 40 a second = 2.5 s$")
                .doesNotContain(" s / ");
        assertThat(apis.netsuiteCalls() + apis.usageCalls()).isZero();
    }

    @Test
    void rowThatTheDatabaseRefusesIsNamedAndTheOthersAreShown() throws Exception {
        apis.netsuite()
                .stubFor(contract("C-2")
                        .willReturn(json("{\"id\":\"C-2\",\"custrecord_contracts_start_date\":\"31.12.2026\"}")));

        assertThat(check(false, 5, feedOf(3)))
                .containsPattern(
                        "(?m)^problem +load +contract C-2: ERROR: not a date like 2026-12-31: \"31.12.2026\".*; see sql/load-batch.sql")
                .containsPattern("(?m)^row +loaded +contract_id=C-1, ")
                .containsPattern("(?m)^row +loaded +contract_id=C-3, ");
    }

    @Test
    void recordThatAloneIsForbiddenIsNamedAndTheOthersAreShown() throws Exception {
        apis.netsuite()
                .stubFor(contract("C-1").willReturn(netsuiteError(403, "INSUFFICIENT_PERMISSION", "Not for you.")));

        String said = check(false, 5, feedOf(3));

        assertThat(problems(said))
                .singleElement()
                .asString()
                .contains("contract C-1: netsuite answered 403 INSUFFICIENT_PERMISSION");
        assertThat(said)
                .containsPattern("(?m)^row +loaded +contract_id=C-2, ")
                .containsPattern("(?m)^row +loaded +contract_id=C-3, ");
    }

    @Test
    void listThatNetsuiteRefusesIsNamed() throws Exception {
        apis.netsuite()
                .stubFor(pageAfter(0).willReturn(netsuiteError(400, "INVALID_PARAMETER", "Invalid search query.")));

        assertThat(problems(check(false, 5, null)))
                .singleElement()
                .asString()
                .matches(
                        "problem +netsuite +netsuite answered 400 INVALID_PARAMETER: "
                                + "Invalid search query. .*; see what sql/netsuite-contracts.sql asks for, and whether it wants a header, which netsuite.headers sends");
    }

    @Test
    void withoutAFeedNetsuitesListIsTried() throws Exception {
        apis.netsuite().stubFor(pageAfter(0).willReturn(page(true, listed(1), listed(2))));

        String said = check(true, 1, null);

        assertThat(said)
                .containsPattern("(?m)^ok +feed +NetSuite's list has 9 contracts$")
                .containsPattern("(?m)^row +loaded +contract_id=1, customer_id=71, ")
                .doesNotContain("customer_id=72");
        assertThat(apis.pageCalls(1)).isZero();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void apiThatAsksToGoSlowerIsNotWaitedFor() throws Exception {
        apis.usage()
                .stubFor(anyCustomer().willReturn(usageProblem(429, "slow down").withHeader("Retry-After", "600")));

        String said = check(false, 5, feedOf(3));

        assertThat(problems(said))
                .singleElement()
                .asString()
                .matches("problem +usage +contract C-1: usage answered 429: slow down; .*"
                        + " see usage.concurrency and usage.requests-per-second");
        assertThat(said)
                .containsPattern(
                        "(?m)^note +run +how long the usage API takes to answer is not known, so it may take longer$")
                .doesNotContain("s / 50 at once");
        assertThat(apis.netsuiteCalls()).isEqualTo(3);
    }

    @Test
    void columnThatNoRowFillsIsNoted() throws Exception {
        apis.netsuite().stubFor(anyContract().willReturn(json("{\"id\":\"C-1\",\"name\":\"CON\"}")));

        assertThat(check(true, 1, feedOf(1)))
                .containsPattern(
                        "(?m)^note +mapping +status has nothing in any of these rows: see its field in sql/load-batch.sql$")
                .doesNotContainPattern("(?m)^note +mapping +contract_name");
    }

    @Test
    void feedWithoutAContractIsNamed() throws Exception {
        String said = check(false, 5, feed("contracts.csv", "contract_id,customer_id\n,K-1\n"));

        assertThat(problems(said))
                .singleElement()
                .asString()
                .matches("problem +feed +contracts.csv has no contract, row 2: no contract_id");
        assertThat(said).containsPattern("(?m)^note +run +no contract was tried, so the time of a run is not known$");
    }

    @Test
    void feedThatCannotBeReadIsNamed() throws Exception {
        assertThat(problems(check(false, 5, feed("contracts.csv", "a;b\n1;2\n"))))
                .singleElement()
                .asString()
                .matches("problem +feed +contracts.csv: line 1 must be a header that names contract_id.*");
    }

    /**
     * Checks the set-up of this test.
     *
     * @param healthy whether nothing is wrong with it
     * @return what was said
     */
    private String check(boolean healthy, int sample, Path feed) throws Exception {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        Check check = new Check(
                feed == null ? null : Feed.of(feed.toFile()),
                sample,
                new PrintStream(said, true, StandardCharsets.UTF_8));
        Routes.ask(template, "direct:check-setup", null, check, Object.class);
        assertThat(check.isClean()).as(said.toString(StandardCharsets.UTF_8)).isEqualTo(healthy);
        assertThat(query("SELECT FROM run")).isEmpty();
        assertThat(query("SELECT FROM contract_enriched")).isEmpty();
        return said.toString(StandardCharsets.UTF_8);
    }

    private static List<String> problems(String said) {
        return said.lines().filter(line -> line.startsWith("problem")).toList();
    }

    /** A line of the estimate, whose result must be what its numbers come to. */
    private static BigDecimal bound(String said, String line, String count, String divisor) {
        Matcher matcher = Pattern.compile("(?m)^estimate +" + line + "$").matcher(said);
        assertThat(matcher.find()).as(said).isTrue();
        BigDecimal seconds = new BigDecimal(matcher.group(2));
        BigDecimal factor = matcher.group(1).isEmpty() ? BigDecimal.ONE : new BigDecimal(matcher.group(1));
        assertThat(seconds)
                .isEqualTo(new BigDecimal(count)
                        .multiply(factor)
                        .divide(new BigDecimal(divisor), 1, RoundingMode.HALF_UP));
        return seconds;
    }
}
