package contractflow.contract;

import static contractflow.support.FakeApis.contract;
import static contractflow.support.FakeApis.netsuiteError;
import static org.assertj.core.api.Assertions.assertThat;

import contractflow.support.ContractFlowTest;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A contract that is at fault becomes a dead letter with all that is known of it, and costs no other contract anything. */
class DeadLetterTest extends ContractFlowTest {

    @Test
    void contractThatNetsuiteDoesNotKnowIsDeadAtOnce() throws Exception {
        apis.netsuite()
                .stubFor(contract("C-2").willReturn(netsuiteError(404, "NONEXISTENT_ID", "There is no such record.")));

        Map<String, Object> run = run(feedOf(3));

        assertThat(run)
                .containsEntry("status", "complete")
                .containsEntry("loaded", 2L)
                .containsEntry("dead", 1L);
        assertThat(query("SELECT * FROM dead_letter"))
                .singleElement()
                .satisfies(letter -> assertThat(letter)
                        .containsEntry("contract_id", "C-2")
                        .containsEntry("line_number", 3L)
                        .containsEntry("stage", "netsuite")
                        .containsEntry("reason", "404 NONEXISTENT_ID")
                        .containsEntry("attempts", 1));
        assertThat(apis.netsuiteCalls("C-2")).isEqualTo(1);
    }
}
