package contractflow.run.chunk;

import java.util.concurrent.LinkedBlockingQueue;
import org.apache.camel.Exchange;

/** The contracts that wait for their batch: about as many as a batch has, whether they come one by one or in chunks. */
public final class LoadQueue extends LinkedBlockingQueue<Exchange> {

    private static final long serialVersionUID = 1L;

    /**
     * @param batchSize contracts in a batch
     * @param contractsPerChunk that one message has
     */
    public LoadQueue(int batchSize, int contractsPerChunk) {
        super(Math.max(2, batchSize / contractsPerChunk));
    }
}
