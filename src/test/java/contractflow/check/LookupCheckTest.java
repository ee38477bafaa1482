package contractflow.check;

import static contractflow.support.ManyApis.netsuiteError;
import static contractflow.support.ManyApis.usageProblem;
import static org.assertj.core.api.Assertions.assertThat;

import contractflow.feed.Feed;
import contractflow.process.Routes;
import contractflow.support.ContractFlowTest;
import contractflow.support.ManyApis;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A check tries both ways of asking, and names the setting where one does not work. */
class LookupCheckTest extends ContractFlowTest {

    private final ManyApis many = new ManyApis();

    @Override
    protected Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        settings.put("netsuite.base-url", many.baseUrl());
        settings.put("usage.base-url", many.baseUrl());
        settings.put("netsuite.contracts-per-call", "1000");
        settings.put("usage.customers-per-call", "100");
        return settings;
    }

    @AfterEach
    void stopApis() {
        many.close();
    }

    private String check(boolean clean) throws Exception {
        Path feed = feed(
                "contracts.csv",
                IntStream.rangeClosed(1, 2500)
                        .mapToObj(i -> i + "," + (1000 + i))
                        .collect(Collectors.joining("\n", "contract_id,customer_id\n", "\n")));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8)) {
            Check check = new Check(Feed.of(feed.toFile()), 3, print);
            Routes.ask(template, "direct:check-setup", null, check, Object.class);
            assertThat(check.isClean()).as(out.toString(StandardCharsets.UTF_8)).isEqualTo(clean);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void bothWaysAreTriedAndTheEstimateCountsCalls() throws Exception {
        assertThat(check(true))
                .containsPattern("(?m)^ok +netsuite +answers for 3 contracts in one call$")
                .containsPattern("(?m)^ok +usage +answers for 3 customers in one call$")
                .containsPattern("(?m)^estimate +netsuite +3 calls for 2,500 contracts / 100 a second = 0.0 s$")
                .containsPattern("(?m)^estimate +usage +25 calls for 2,500 customers / 200 a second = 0.1 s$");
        assertThat(many.gets).hasSize(3);
        assertThat(many.queries).hasSize(1);
        assertThat(many.reports).hasSize(4);
    }

    @Test
    void queryThatIsRefusedIsNamedWithItsFileAndItsSetting() throws Exception {
        many.onQuery = ids -> netsuiteError(400, "INVALID_PARAMETER", "Unknown identifier currency.");

        assertThat(check(false))
                .containsPattern("(?m)^problem +netsuite +the query of sql/netsuite-lookup.sql: netsuite answered 400 "
                        + "INVALID_PARAMETER: Unknown identifier currency.; see what the file asks for,"
                        + " or set netsuite.contracts-per-call=1$");
    }

    @Test
    void queryWithoutPermissionIsNamedWithThePermission() throws Exception {
        many.onQuery = ids -> netsuiteError(403, "INSUFFICIENT_PERMISSION", "no");

        assertThat(check(false)).contains("SuiteAnalytics Workbook, or set netsuite.contracts-per-call=1");
    }

    @Test
    void callForSeveralCustomersThatIsRefusedIsNamedWithItsSettings() throws Exception {
        many.onReport = ids -> ids.size() > 1 ? usageProblem(400, "one filter only") : null;

        assertThat(check(false))
                .containsPattern(
                        "(?m)^problem +usage +a call for several customers: usage answered 400.*one filter only;"
                                + " try the other usage.query-method, or set usage.customers-per-call=1$");
    }

    @Test
    void rowThatTheQueryLacksIsSaid() throws Exception {
        many.onQuery =
                ids -> new ManyApis.Answer(200, ManyApis.page(List.of(), false).toString());

        assertThat(check(true))
                .containsPattern("(?m)^note +netsuite +the query of sql/netsuite-lookup.sql has no row for 1, 2, 3,");
    }
}
