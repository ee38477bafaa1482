package contractflow.run.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** There are as many workers as keep both APIs busy, unless the setting says how many. */
class ContractWorkersTest {

    private final ContractWorkers workers = new ContractWorkers();

    @Test
    void numberFollowsFromBothConcurrencies() {
        workers.setWorkers("");
        workers.setUsageConcurrency(50);
        workers.setNetsuiteConcurrency(15);

        assertThat(workers.getMaximumPoolSize()).isEqualTo(81);
        assertThat(workers.getCorePoolSize()).isEqualTo(81);
    }

    @Test
    void numberThatIsSetCounts() {
        workers.setNetsuiteConcurrency(15);
        workers.setWorkers(" 7 ");
        workers.setUsageConcurrency(50);

        assertThat(workers.getMaximumPoolSize()).isEqualTo(7);
        assertThat(workers.getCorePoolSize()).isEqualTo(7);
    }
}
