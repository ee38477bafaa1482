package contractflow;

import static contractflow.FakeApis.contract;
import static contractflow.FakeApis.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A row that the database refuses costs its batch time, and no other row its place. */
class PoisonRowTest extends ContractFlowTest {

    @Test
    void rowsThatTheDatabaseRefusesAreDeadAndTheRestOfTheirBatchIsLoaded() throws Exception {
        List<String> poison = List.of("C-2", "C-3", "C-40");
        for (String id : poison) {
            apis.netsuite().stubFor(contract(id).willReturn(
                    json("{\"id\":\"" + id + "\",\"custrecord_contracts_start_date\":\"next spring\"}")));
        }

        Map<String, Object> run = run(feedOf(60));

        assertThat(run).containsEntry("status", "complete").containsEntry("loaded", 57L).containsEntry("dead", 3L);
        assertThat(query("SELECT contract_id, stage, reason, error FROM dead_letter ORDER BY line_number"))
                .allSatisfy(letter -> assertThat(letter).containsEntry("stage", "load"))
                .allSatisfy(letter -> assertThat((String) letter.get("error")).contains("next spring"))
                .extracting(letter -> letter.get("contract_id"))
                .isEqualTo(poison);
        assertThat(value("SELECT count(*) FROM contract_enriched")).isEqualTo(57L);
    }
}
