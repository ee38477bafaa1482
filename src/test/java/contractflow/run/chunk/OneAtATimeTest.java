package contractflow.run.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import contractflow.support.ContractFlowTest;
import contractflow.support.ManyApis;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The smallest limits that can be set: a run takes longer, and ends. */
class OneAtATimeTest extends ContractFlowTest {

    private final ManyApis many = new ManyApis();

    @Override
    protected Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        settings.put("netsuite.base-url", many.baseUrl());
        settings.put("usage.base-url", many.baseUrl());
        settings.put("contract.workers", "1");
        settings.put("netsuite.concurrency", "1");
        settings.put("usage.concurrency", "1");
        settings.put("netsuite.contracts-per-call", perCall());
        settings.put("usage.customers-per-call", perCall());
        return settings;
    }

    String perCall() {
        return "1";
    }

    @AfterEach
    void stopApis() {
        many.close();
    }

    @Test
    @Timeout(60)
    void oneWorkerIsEnough() throws Exception {
        many.missing.add("7");

        assertThat(run(feed(
                        "contracts.csv",
                        IntStream.rangeClosed(1, 50)
                                .mapToObj(i -> i + "," + (1000 + i / 2))
                                .collect(Collectors.joining("\n", "contract_id,customer_id\n", "\n")))))
                .containsEntry("status", "complete")
                .containsEntry("loaded", 49L)
                .containsEntry("dead", 1L);
    }
}
