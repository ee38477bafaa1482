package contractflow.cli;

import static contractflow.support.FakeApis.contract;
import static contractflow.support.FakeApis.netsuiteError;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import contractflow.contract.Json;
import contractflow.process.Routes;
import contractflow.support.ContractFlowTest;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What `contractflow contract ID` knows of a contract. */
class ShowContractTest extends ContractFlowTest {

    @Test
    void contract_showsItsRowItsOutcomesAndItsDeadLetters() throws Exception {
        run(feed("contracts-20261101.csv", "contract_id,customer_id\nC-1,K\nC-2,K\n"));
        run(feed("contracts-20261102.csv", "contract_id,customer_id\nC-1,K\nC-2,K\nC-3,K\n"));
        apis.netsuite()
                .stubFor(contract("C-1").willReturn(netsuiteError(404, "NONEXISTENT_ID", "There is no such record.")));
        run(feed("contracts-20261103.csv", "contract_id,customer_id\nC-1,K\nC-3,K\n"));
        run(feed("contracts-20261104.csv", "contract_id,customer_id\nC-2,K\nC-3,K\n"));
        run(feed("others.csv", "contract_id,customer_id\nC-9,K\n"));

        JsonNode known = Json.exact().readTree((String) show("C-1").get("json"));
        assertThat(known.at("/row/customer_id").asText()).isEqualTo("K");
        assertThat(known.at("/usage_read/run_id").asLong()).isEqualTo(2);
        assertThat(known.at("/runs").findValuesAsText("run_id")).containsExactly("4", "3", "2", "1");
        assertThat(known.at("/runs").findValuesAsText("outcome"))
                .containsExactly("not in the feed", "dead", "unchanged", "loaded");
        assertThat(known.at("/dead_letters").findValuesAsText("reason")).containsExactly("404 NONEXISTENT_ID");

        String text = (String) show("C-1").get("text");
        assertThat(text.lines())
                .contains(
                        "contract C-1",
                        "dead letter 1 of run 3, open",
                        "  at netsuite, 404 NONEXISTENT_ID, after 1 attempt")
                .anyMatch(line -> line.matches("  customer_id +K"))
                .anyMatch(line -> line.matches("usage of \\d{4}-\\d\\d last read by run 2, .* UTC"))
                .anyMatch(line -> line.matches("3 +.* dead at netsuite +contracts-20261103[.]csv: 404 NONEXISTENT_ID"))
                .anyMatch(line -> line.matches("4 +.* not in the feed +contracts-20261104[.]csv"))
                .anyMatch(line -> line.contains("There is no such record."));
    }

    @Test
    void contract_whenNeverLoaded_saysSo_andUnknownIdsAreNotFound() throws Exception {
        apis.netsuite()
                .stubFor(contract("D-1").willReturn(netsuiteError(404, "NONEXISTENT_ID", "There is no such record.")));
        run(feed("dead.csv", "contract_id,customer_id\nD-1,K\n"));

        assertThat((String) show("D-1").get("text")).startsWith("contract D-1: no row in contract_enriched\n");
        for (String unknown : new String[] {"D-2", "'; DROP TABLE run; --", "${body}", ""}) {
            assertThat(show(unknown)).as(unknown).isNull();
        }
    }

    private Map<?, ?> show(String id) throws Exception {
        return Routes.ask(template, "direct:show-contract", null, id, Map.class);
    }
}
