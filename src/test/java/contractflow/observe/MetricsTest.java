package contractflow.observe;

import static contractflow.support.FakeApis.anyContract;
import static contractflow.support.FakeApis.contract;
import static contractflow.support.FakeApis.customer;
import static contractflow.support.FakeApis.json;
import static contractflow.support.FakeApis.netsuiteError;
import static contractflow.support.FakeApis.record;
import static contractflow.support.FakeApis.usageProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import contractflow.support.ContractFlowTest;
import contractflow.support.Monitoring;
import contractflow.support.Observed;
import contractflow.support.Promtool;
import contractflow.support.Scrape;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The metrics show how a run goes on, and in the end the numbers that are in the database. */
@Tag("slow")
class MetricsTest extends ContractFlowTest {

    private final Observed process = new Observed();

    @Override
    protected boolean watches() {
        return true;
    }

    @Override
    protected Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(process.settings());
        settings.put("batch.size", "10");
        return settings;
    }

    @Test
    void sumsAreThoseOfTheDatabase() throws Exception {
        assertThat(process.get("health/ready").statusCode()).isEqualTo(200);
        assertThat(process.scrape().samples())
                .as("what is counted, before it has happened")
                .containsEntry("contractflow_contracts_total{outcome=\"dead\"}", 0.0)
                .containsEntry("contractflow_dead_letters_total{stage=\"load\"}", 0.0)
                .containsEntry("contractflow_retries_total{api=\"usage\"}", 0.0);
        apis.netsuite().stubFor(anyContract().willReturn(record(100)));
        apis.netsuite().stubFor(contract("C-1").willReturn(netsuiteError(404, "NONEXISTENT_ID", "No such record.")));
        apis.netsuite()
                .stubFor(contract("C-2")
                        .willReturn(json("{\"id\":\"C-2\",\"custrecord_contracts_start_date\":\"soon\"}")));
        // The run has to be seen, by a look every five seconds.
        apis.netsuite().stubFor(contract("C-119").willReturn(record(6000)));
        firstAnswer("C-3", netsuiteError(500, "UNEXPECTED_ERROR", "Later."));
        firstAnswer("C-4", json("<html>maintenance</html>"));
        firstAnswer(
                "C-5",
                netsuiteError(429, "CONCURRENCY_LIMIT_EXCEEDED", "Slower.").withHeader("Retry-After", "1"));
        apis.usage().stubFor(customer("K-6").willReturn(usageProblem(404, "unknown customer")));
        StringBuilder csv = new StringBuilder("contract_id,customer_id\nC-7,K-7\n,K-0\nC-0,\n");
        for (int i = 1; i <= 120; i++) {
            csv.append("C-").append(i).append(",K-").append(i).append('\n');
        }

        feed("contracts.csv", csv.toString());
        await().untilAsserted(() -> assertThat(process.scrape().samples())
                .containsEntry("contractflow_runs_in_progress", 1.0)
                .containsEntry("contractflow_feeds{last_run=\"running\"}", 1.0)
                .containsEntry("contractflow_feed_rows", 123.0)
                .hasEntrySatisfying(
                        "contractflow_feed_rows_pending",
                        pending -> assertThat(pending).isBetween(1.0, 113.0))
                .hasEntrySatisfying(
                        "contractflow_calls_in_flight{api=\"netsuite\"}",
                        calls -> assertThat(calls).isPositive())
                .hasEntrySatisfying(
                        "contractflow_contracts_total{outcome=\"loaded\"}",
                        loaded -> assertThat(loaded).isPositive()));
        await().until(() -> Files.exists(folder.resolve("done/contracts.csv")));
        feed("again.csv", "contract_id,customer_id\nC-8,K-8\nC-9,K-9\n");
        await().until(() -> Files.exists(folder.resolve("done/again.csv")));

        await().until(() -> process.scrape().value("contractflow_feeds{last_run=\"complete\"}") == 2);
        Scrape scrape = process.scrape();
        for (String outcome : new String[] {"loaded", "unchanged", "dead", "duplicate"}) {
            assertThat(scrape.value("contractflow_contracts_total{outcome=\"" + outcome + "\"}"))
                    .as(outcome)
                    .isPositive()
                    .isEqualTo(number("SELECT sum(" + outcome + ") FROM run"));
        }
        for (String stage : new String[] {"feed", "netsuite", "usage", "load"}) {
            double letters = number("SELECT count(*) FROM dead_letter WHERE stage = '" + stage + "'");
            assertThat(letters).as(stage).isPositive();
            assertThat(scrape.value("contractflow_dead_letters_total{stage=\"" + stage + "\"}"))
                    .isEqualTo(letters);
            assertThat(scrape.value("contractflow_dead_letters_open{stage=\"" + stage + "\"}"))
                    .isEqualTo(letters);
        }
        assertThat(scrape.sum("contractflow_calls_total", "api=\"netsuite\""))
                .isEqualTo(number("SELECT sum(calls) FROM run_api WHERE api = 'netsuite'"))
                .isEqualTo(apis.netsuiteCalls())
                .isEqualTo(scrape.value("contractflow_call_duration_seconds_count{api=\"netsuite\"}"));
        assertThat(scrape.sum("contractflow_calls_total", "api=\"usage\""))
                .isEqualTo(number("SELECT sum(calls) FROM run_api WHERE api = 'usage'"))
                .isEqualTo(apis.usageCalls());
        assertThat(scrape.samples())
                .containsEntry("contractflow_calls_total{api=\"netsuite\",status=\"404\"}", 1.0)
                .containsEntry("contractflow_calls_total{api=\"netsuite\",status=\"500\"}", 1.0)
                .containsEntry("contractflow_calls_total{api=\"netsuite\",status=\"unusable\"}", 1.0)
                .containsEntry("contractflow_calls_total{api=\"netsuite\",status=\"429\"}", 1.0)
                .containsEntry("contractflow_calls_total{api=\"usage\",status=\"404\"}", 1.0)
                .containsEntry("contractflow_retries_total{api=\"netsuite\"}", 3.0)
                .containsEntry("contractflow_retries_total{api=\"usage\"}", 0.0)
                .containsEntry("contractflow_pauses_total{api=\"netsuite\"}", 1.0)
                .containsEntry("contractflow_paused_seconds_total{api=\"netsuite\"}", 1.0)
                .containsEntry("contractflow_breaker_state{api=\"netsuite\",state=\"closed\"}", 1.0)
                .containsEntry("contractflow_concurrency_setting{api=\"netsuite\"}", 15.0)
                .containsEntry("contractflow_requests_per_second_setting{api=\"usage\"}", 200.0)
                .containsEntry("contractflow_runs_in_progress", 0.0)
                .containsEntry("contractflow_feed_rows_pending", 0.0)
                .containsEntry(
                        "contractflow_last_success_timestamp_seconds",
                        number("SELECT extract(epoch FROM max(finished_at)) FROM run WHERE status = 'complete'"));
        assertThat(scrape.value("contractflow_batch_contracts_sum"))
                .isEqualTo(number("SELECT sum(loaded + unchanged) FROM run"));
        assertThat(Monitoring.namesInQueries()).isNotEmpty().isSubsetOf(scrape.names());
        assertThat(families(scrape)).isEqualTo(Monitoring.meanings().keySet());
        String metrics = process.metrics();
        assertThat(Monitoring.meanings())
                .allSatisfy((name, meaning) -> assertThat(meaning).as(name).startsWith(help(name, metrics)));
        Promtool.assertAcceptsMetrics(metrics);

        execute(
                "INSERT INTO run (feed, feed_sha256, usage_period, status) VALUES ('killed.csv', repeat('0', 64), '2026-10', 'running')");
        await("a run whose process was killed")
                .until(() -> process.scrape().value("contractflow_feeds{last_run=\"incomplete\"}") == 1);

        execute("ALTER TABLE run RENAME TO gone");
        await().until(() -> process.scrape().value("contractflow_warehouse_up") == 0);
        assertThat(process.scrape().value("contractflow_feeds{last_run=\"complete\"}"))
                .as("what was known before")
                .isEqualTo(2);
    }

    private static String help(String name, String metrics) {
        Matcher help = Pattern.compile("(?m)^# HELP " + name + " (.*)$").matcher(metrics);
        return help.find() ? help.group(1) : "no help text";
    }

    /** The contract is answered as it should be when it is asked for again. */
    private void firstAnswer(String contract, ResponseDefinitionBuilder answer) {
        apis.netsuite().stubFor(contract(contract).inScenario(contract).willReturn(record(100)));
        apis.netsuite()
                .stubFor(contract(contract)
                        .inScenario(contract)
                        .whenScenarioStateIs("Started")
                        .willSetStateTo("asked again")
                        .willReturn(answer));
    }

    private double number(String sql) throws Exception {
        return ((Number) value(sql)).doubleValue();
    }

    /** Our own metrics, without what each histogram consists of. */
    private static Set<String> families(Scrape scrape) {
        Set<String> names = new TreeSet<>();
        scrape.names().stream()
                .filter(name -> name.startsWith("contractflow_"))
                .forEach(name -> names.add(name.replaceAll("_(bucket|count|sum|max)$", "")));
        return names;
    }
}
