package contractflow.run;

import static org.assertj.core.api.Assertions.assertThat;

import contractflow.support.ContractFlowTest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A run that waits for a lock ends at its deadline all the same. */
@Tag("slow")
class LockAtDeadlineTest extends ContractFlowTest {

    @Override
    protected Map<String, String> settings() {
        return Map.of("batch.size", "10");
    }

    @Test
    void lockIsNotWaitedForBeyondTheDeadline() throws Exception {
        execute("INSERT INTO contract_enriched (contract_id, customer_id, usage_period, usage_value, source, run_id)"
                + " VALUES ('C-7', 'K-7', '2026-09', 0, '{}', 0)");
        try (Connection analyst = DriverManager.getConnection(databaseUrl);
                Statement sql = analyst.createStatement()) {
            analyst.setAutoCommit(false);
            sql.execute("SELECT * FROM contract_enriched FOR UPDATE");
            String deadline = Instant.now().plus(Duration.ofSeconds(6)).toString();
            context().getRegistry().lookupByNameAndType("runs", Runs.class).setDeadline(deadline);

            assertThat(runInBackground(feedOf(30)).get(40, TimeUnit.SECONDS))
                    .containsEntry("status", "incomplete")
                    .containsEntry("dead", 0L)
                    .hasEntrySatisfying(
                            "reason", reason -> assertThat(reason.toString()).startsWith("the deadline of "));
        }
        assertThat(apis.netsuiteCalls()).isPositive();
    }
}
