package contractflow.report;

import static contractflow.support.FakeApis.anyContract;
import static contractflow.support.FakeApis.json;
import static org.assertj.core.api.Assertions.assertThat;

import contractflow.contract.DeadLetterFilter;
import contractflow.process.Routes;
import contractflow.support.ContractFlowTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A field that is suddenly absent, or of another type, is a warning; it makes NULLs and no error. */
class DriftTest extends ContractFlowTest {

    private static final String RECORD =
            "{\"id\":\"{{request.pathSegments.[5]}}\",\"name\":\"CON\",\"links\":[],\"custrecord_contracts_end_date\":\"2026-12-31\","
                    + "\"custrecord_swe_contract_value_olr\":12.5,\"currency\":{\"id\":\"1\",\"refName\":\"USD\"}}";

    private void records(String record) {
        apis.netsuite().stubFor(anyContract().willReturn(json(record).withTransformers("response-template")));
    }

    private List<Map<String, Object>> drift() throws Exception {
        return query("SELECT run_id, field, was, now_mostly, percent::int FROM run_drift ORDER BY field");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"name\":\"CON\",                                   |                     | netsuite.name | string | absent",
                "\"name\":\"CON\"                                    | \"name\":null       | netsuite.name | string | absent",
                "\"name\":\"CON\"                                    | \"name\":{\"a\":1}  | netsuite.name | string | object",
                "12.5                                                | \"12.5\"            | netsuite.custrecord_swe_contract_value_olr | number | string",
                "{\"id\":\"1\",\"refName\":\"USD\"}                  | \"USD\"             | netsuite.currency.refName | string | absent"
            })
    void fieldThatChanges_isAWarningInTheReport(String was, String now, String field, String type, String other)
            throws Exception {
        records(RECORD);
        run(feedOf(40));
        records(RECORD.replace(was, now == null ? "" : now));

        Map<String, Object> run = run(feedOf(40));

        assertThat(run).containsEntry("status", "complete").containsEntry("dead", 0L);
        assertThat(drift())
                .contains(Map.of(
                        "run_id", run.get("run_id"), "field", field, "was", type, "now_mostly", other, "percent", 100));
        String text = Routes.ask(
                template,
                "direct:show-report",
                new DeadLetterFilter((Long) run.get("run_id"), null, null, null, null),
                "text",
                String.class);
        assertThat(text)
                .contains("  " + field + " is no longer " + type + " in 100 % of the answers, but " + other
                        + ": see where sql/load-batch.sql reads it");
        // The next run is as this one.
        run(feedOf(40));
        assertThat(drift()).extracting(row -> row.get("run_id")).containsOnly(run.get("run_id"));
    }

    @Test
    void smallFeedAndHalfOfTheAnswers_areNoWarning() throws Exception {
        records(RECORD);
        run(feedOf(10));
        records(RECORD.replace("\"name\":\"CON\",", ""));
        run(feedOf(10));
        assertThat(drift()).isEmpty();
    }

    @Test
    void fieldThatLessThanHalfOfTheAnswersLack_isNoWarning() throws Exception {
        records(RECORD);
        run(feedOf(40));
        for (int i = 1; i <= 19; i++) {
            apis.netsuite()
                    .stubFor(contractflow.support.FakeApis.contract("C-" + i)
                            .willReturn(json("{\"id\":\"C-" + i + "\",\"links\":[]}")));
        }

        run(feedOf(40));

        assertThat(drift()).isEmpty();
    }
}
