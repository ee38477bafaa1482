package contractflow.run;

import static contractflow.support.FakeApis.anyContract;
import static contractflow.support.FakeApis.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import contractflow.support.ContractFlowTest;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A row that the database refuses is a dead letter where others are taken, whatever the SQLSTATE; where none is, the run stops. */
@Tag("slow")
class LoadVerdictTest extends ContractFlowTest {

    @Override
    protected Map<String, String> settings() {
        return Map.of("batch.size", "20");
    }

    /** Has a trigger do something for contracts of which a condition holds. */
    private void refuse(String name, String when, String condition, String does) throws SQLException {
        execute("CREATE FUNCTION " + name + "() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF " + condition + " THEN "
                + does + " END IF; RETURN NEW; END $$");
        execute("CREATE " + when + " FOR EACH ROW EXECUTE FUNCTION " + name + "()");
    }

    private void refuse(String contract, String sqlState) throws SQLException {
        String name = "refuse_" + contract.replace('-', '_');
        refuse(
                name,
                "TRIGGER " + name + " BEFORE INSERT ON contract_enriched",
                "NEW.contract_id = '" + contract + "'",
                "RAISE EXCEPTION 'not this one' USING ERRCODE = '" + sqlState + "';");
    }

    @Test
    void rowThatATriggerRefusesIsADeadLetterWhateverTheCode() throws Exception {
        String[] sqlStates = {"P0001", "23514", "42501", "0A000", "55000", "XX000", "38001", "U0001", "57014"};
        for (int i = 0; i < sqlStates.length; i++) {
            refuse("C-" + (i + 1), sqlStates[i]);
        }
        refuse(
                "no_such_column",
                "TRIGGER no_such_column AFTER INSERT ON contract_enriched",
                "NEW.contract_id = 'C-10'",
                "PERFORM NEW.region;");
        refuse(
                "at_commit",
                "CONSTRAINT TRIGGER at_commit AFTER INSERT ON contract_enriched DEFERRABLE INITIALLY DEFERRED",
                "NEW.contract_id = 'C-11'",
                "RAISE EXCEPTION 'too late';");

        assertThat(run(feedOf(60)))
                .containsEntry("status", "complete")
                .containsEntry("loaded", 49L)
                .containsEntry("dead", 11L);

        assertThat(
                        query(
                                "SELECT contract_id, error FROM dead_letter WHERE stage = 'load' AND reason IN ('refused by the database', 'not this one', 'too late')"))
                .hasSize(11)
                .contains(Map.of(
                        "contract_id",
                        "C-1",
                        "error",
                        "ERROR: not this one Where: PL/pgSQL function refuse_c_1() line 1 at RAISE"))
                .anySatisfy(letter ->
                        assertThat(letter.get("error").toString()).contains("record \"new\" has no field \"region\""));
    }

    @Test
    void faultThatHitsEveryRowStopsTheRunAndIsNamed() throws Exception {
        run(feed("yesterday.csv", "contract_id,customer_id\nC-101,K-1\nC-102,K-1\n"));
        for (String when : new String[] {"BEFORE INSERT", "AFTER INSERT OR UPDATE"}) {
            refuse(
                    "broken",
                    "TRIGGER broken " + when + " ON contract_enriched",
                    "true",
                    "RAISE EXCEPTION 'broken trigger';");

            Map<String, Object> run = run(feedOf(60));
            assertThat(run)
                    .as(when)
                    .containsEntry("status", "incomplete")
                    .containsEntry("pending", 60L)
                    .containsEntry("dead", 0L);
            assertThat(run.get("reason").toString()).startsWith("ERROR: broken trigger");

            execute("DROP FUNCTION broken CASCADE");
        }
        execute("ALTER TABLE contract_enriched RENAME COLUMN currency TO money");
        Map<String, Object> run = run(feedOf(60));
        assertThat(run)
                .containsEntry("status", "incomplete")
                .containsEntry("pending", 60L)
                .containsEntry("dead", 0L);
        assertThat(run.get("reason").toString()).contains("column \"currency\"");

        execute("ALTER TABLE contract_enriched RENAME COLUMN money TO currency");
        assertThat(run(feedOf(60)))
                .containsEntry("run_id", 2L)
                .containsEntry("status", "complete")
                .containsEntry("loaded", 60L);
    }

    /** Of a row that is there already, such a trigger does not hear. */
    @Test
    void triggerThatBeginsToRefuseEveryNewRowInMidRunStopsTheRunAndIsNamed() throws Exception {
        execute("CREATE TABLE switched_on (at timestamptz)");
        refuse(
                "broken",
                "TRIGGER broken AFTER INSERT ON contract_enriched",
                "EXISTS (SELECT FROM switched_on)",
                "RAISE EXCEPTION 'broken trigger';");
        apis.netsuite().stubFor(anyContract().willReturn(record(20)));
        CompletableFuture<Map<String, Object>> running = runInBackground(feedOf(600));
        await().until(() -> (Long) value("SELECT count(*) FROM contract_enriched") > 60);
        execute("INSERT INTO switched_on VALUES (now())");

        Map<String, Object> run = running.get();
        assertThat(run).containsEntry("status", "incomplete").containsEntry("dead", 0L);
        assertThat((Long) run.get("pending")).isPositive();
        assertThat(run.get("reason").toString()).startsWith("ERROR: broken trigger");
        assertThat(value("SELECT count(*) FROM contract_enriched WHERE contract_id LIKE '%~'"))
                .isEqualTo(0L);

        execute("TRUNCATE switched_on");
        assertThat(run(folder.resolve("contracts.csv")))
                .containsEntry("status", "complete")
                .containsEntry("dead", 0L);
        assertThat(value("SELECT count(*) FROM contract_enriched")).isEqualTo(600L);
    }

    @Test
    void faultOfEveryRowStopsTheRunInAnEmptyWarehouseAsWell() throws Exception {
        refuse(
                "broken",
                "TRIGGER broken BEFORE INSERT ON contract_enriched",
                "true",
                "RAISE EXCEPTION 'broken trigger';");

        assertThat(run(feedOf(60)))
                .containsEntry("status", "incomplete")
                .containsEntry("pending", 60L)
                .containsEntry("dead", 0L);
    }

    @Test
    void rowThatIsRolledBackOverAndOverIsADeadLetter() throws Exception {
        refuse("C-1", "40001");

        assertThat(run(feedOf(5)))
                .containsEntry("status", "complete")
                .containsEntry("loaded", 4L)
                .containsEntry("dead", 1L);
    }

    @Test
    void lastRowIsComparedWithOneThatTheWarehouseHas() throws Exception {
        refuse("C-1", "P0001");
        run(feed("yesterday.csv", "contract_id,customer_id\nC-8,K-8\n"));

        assertThat(run(feedOf(1))).containsEntry("status", "complete").containsEntry("dead", 1L);
        assertThat(value("SELECT source::text FROM contract_enriched WHERE contract_id = 'C-8'")
                        .toString())
                .doesNotContain("probe");
    }
}
