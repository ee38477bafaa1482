package contractflow.process;

import static contractflow.support.FakeApis.contract;
import static contractflow.support.FakeApis.customer;
import static contractflow.support.FakeApis.json;
import static org.assertj.core.api.Assertions.assertThat;

import contractflow.report.ExitCode;
import contractflow.support.ChildProcess;
import contractflow.support.Guide;
import contractflow.support.ProcessTest;
import contractflow.support.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tables and rules of a user's own are what docs/editing-routes.md says they are: what stands there is done here. */
@Tag("slow")
class OwnTablesIT extends ProcessTest {

    private void follow(String heading) throws Exception {
        assertThat(Guide.section("docs/editing-routes.md", heading).followIn(folder))
                .hasSize(1);
    }

    private String run(int expected, String... arguments) throws Exception {
        try (ChildProcess process = start(arguments)) {
            assertThat(process.exitCode()).as(process.output()).isEqualTo(expected);
            return process.output();
        }
    }

    private void name(String contract, String name) {
        apis.netsuite()
                .stubFor(contract(contract)
                        .willReturn(json("{\"id\":\"" + contract + "\",\"name\":\"" + name
                                + "\",\"custrecord_contract_status\":{\"refName\":\"Active\"}}")));
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(databaseUrl);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> history(String contract) throws SQLException {
        return TestDatabase.query(
                        databaseUrl,
                        "SELECT contract_name || CASE WHEN valid_to IS NULL THEN '' ELSE ' ended' END AS row FROM contract_history"
                                + " WHERE contract_id = '" + contract + "' ORDER BY valid_from")
                .stream()
                .map(row -> (String) row.get("row"))
                .toList();
    }

    private String list(String name, int... contracts) throws Exception {
        StringBuilder csv = new StringBuilder("contract_id,customer_id\n");
        IntStream.of(contracts).forEach(i -> csv.append("C-" + i + ",K-" + i + "\n"));
        return feed(name, csv.toString());
    }

    @Test
    void historyHasARowForEachTimeThatAContractWasTheSame() throws Exception {
        follow("## The history of contracts");
        environment.put("FEED_MISSING_CONTRACTS", "mark");
        environment.put("FEED_FULL", "contracts*");
        environment.put("FEED_MAX_MISSING_PERCENT", "50");
        name("C-1", "one");
        name("C-2", "two");
        run(ExitCode.ALL_LOADED, "run", list("contracts-2026-11-01.csv", 1, 2, 3));
        assertThat(history("C-1")).containsExactly("one");

        // The same again, and usage that is not kept: no false history.
        run(ExitCode.ALL_LOADED, "run", list("contracts-2026-11-02.csv", 1, 2, 3));
        apis.usage().stubFor(customer("K-1").willReturn(json("{\"data\":[{\"value\":77}]}")));
        run(ExitCode.ALL_LOADED, "run", list("contracts-2026-11-03.csv", 1, 2, 3));
        assertThat(history("C-1")).containsExactly("one");

        // An older month writes nothing.
        name("C-1", "of an older month");
        environment.put("USAGE_PERIOD", "2026-08");
        run(ExitCode.ALL_LOADED, "run", list("contracts-2026-08-31.csv", 1, 2, 3));
        environment.put("USAGE_PERIOD", "2026-10");
        assertThat(history("C-1")).containsExactly("one");

        // A change, and one more on the same day.
        name("C-1", "uno");
        run(ExitCode.ALL_LOADED, "run", list("contracts-2026-11-04.csv", 1, 2, 3));
        name("C-1", "eins");
        // Removal ends a time, return begins one.
        run(ExitCode.ALL_LOADED, "run", list("contracts-2026-11-05.csv", 1, 3));
        assertThat(history("C-1")).containsExactly("one ended", "uno ended", "eins");
        assertThat(history("C-2")).containsExactly("two ended");
        String sound = run(ExitCode.ALL_LOADED, "run", list("contracts-2026-11-06.csv", 1, 2, 3));
        assertThat(history("C-2")).containsExactly("two ended", "two");
        assertThat(sound).doesNotContain("out of step");

        execute("ALTER TABLE contract_enriched DISABLE TRIGGER history_of_change");
        execute("UPDATE contract_enriched SET contract_name = 'by hand' WHERE contract_id = 'C-3'");
        String fault =
                "contract_history is out of step for contract C-3: was a trigger disabled, or one of the tables restored?";
        assertThat(run(ExitCode.COULD_NOT_RUN, "check", list("contracts-2026-11-07.csv", 1, 2, 3)))
                .containsPattern("problem +warehouse +contract_history is out of step for contract C-3");
        assertThat(run(ExitCode.ALL_LOADED, "run", list("contracts-2026-11-08.csv", 1, 2)))
                .contains("The warehouse: " + fault);
    }

    @Test
    void rulesRefuseContractsInTheirOwnWordsAndWarnOfOthers() throws Exception {
        follow("## Rules for contracts");
        record("C-1", "\"custrecord_swe_contract_value_olr\":-1");
        record(
                "C-2",
                "\"custrecord_contracts_start_date\":\"2026-02-01\",\"custrecord_contracts_end_date\":\"2026-01-01\"");
        record("C-3", "\"currency\":{\"refName\":\"XXX\"}");
        record("C-4", "\"custrecord_contract_status\":{\"refName\":\"Active\"}");
        apis.usage().stubFor(customer("K-4").willReturn(json("{\"data\":[]}")));

        String output = run(ExitCode.DEAD_LETTERS, "run", list("contracts.csv", 1, 2, 3, 4, 5));

        assertThat(query("SELECT contract_id, stage, reason FROM dead_letter ORDER BY contract_id"))
                .containsExactly(
                        letter("C-1", "the value is negative"),
                        letter("C-2", "the end is before the start"),
                        letter("C-3", "the currency is unknown"));
        assertThat(query("SELECT contract_id FROM contract_enriched ORDER BY contract_id"))
                .extracting(row -> row.get("contract_id"))
                .containsExactly("C-4", "C-5");
        assertThat(output).contains("  warning: active, and without usage, for 1 contracts");
    }

    private void record(String contract, String fields) {
        apis.netsuite().stubFor(contract(contract).willReturn(json("{\"id\":\"" + contract + "\"," + fields + "}")));
    }

    private static Map<String, Object> letter(String contract, String reason) {
        return Map.of("contract_id", contract, "stage", "load", "reason", reason);
    }
}
