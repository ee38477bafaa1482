package contractflow.run.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** There is a thread for each chunk in work, and one that reads the feed. */
class ChunkWorkersTest {

    private final ChunkWorkers workers = new ChunkWorkers();

    @Test
    void chunksAreAsManyAsCallsToNetsuite() {
        workers.setUsageConcurrency(50);
        workers.setNetsuiteConcurrency(15);
        workers.setContractsPerChunk(1000);

        assertThat(workers.getMaximumPoolSize()).isEqualTo(18 + 1);
    }

    @Test
    void feedIsReadBesideTheOnlyChunk() {
        workers.setUsageConcurrency(1);
        workers.setNetsuiteConcurrency(1);
        workers.setContractsPerChunk(1000);

        assertThat(workers.getMaximumPoolSize()).isEqualTo(1 + 1);
    }

    @Test
    void singleContractsAreAsManyAsWorkers() {
        workers.setWorkers("1");
        workers.setContractsPerChunk(1);

        assertThat(workers.getMaximumPoolSize()).isEqualTo(1 + 1);
    }
}
