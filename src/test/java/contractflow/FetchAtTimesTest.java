package contractflow;

import static contractflow.FakeApis.listed;
import static contractflow.FakeApis.page;
import static contractflow.FakeApis.pageAfter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Times in Quartz's syntax, with the characters that mean something in an address as well. */
class FetchAtTimesTest extends ContractFlowTest {

    @Override
    protected boolean watches() {
        return true;
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("schedule.cron", "0/1 * * ? * SUN-SAT 2026-2099", "schedule.time-zone", "Europe/Berlin");
    }

    @Test
    void feedIsFetchedAndLoadedToTheEnd() throws Exception {
        apis.netsuite().stubFor(pageAfter(0).willReturn(page(false, listed(1), listed(2))));

        await().until(() -> !query("SELECT FROM run WHERE status = 'complete'").isEmpty());

        assertThat(query("SELECT rows, loaded FROM run WHERE run_id = 1")).containsExactly(Map.of("rows", 2L, "loaded", 2L));
    }
}
