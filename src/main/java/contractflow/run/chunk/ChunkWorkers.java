package contractflow.run.chunk;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that chunks are worked on. Handing over a chunk waits until one is free, so that the feed is read no faster than it
 * is worked off, and nothing queues up in memory.
 */
public final class ChunkWorkers extends ContractWorkers {

    private int contractsPerChunk = 1;

    public ChunkWorkers() {
        super(new SynchronousQueue<>(), ChunkWorkers::handOver);
    }

    /**
     * @param contractsPerChunk with more than one, a thread makes one call to NetSuite at a time and leaves those for usage to others
     */
    public void setContractsPerChunk(int contractsPerChunk) {
        this.contractsPerChunk = contractsPerChunk;
        resize();
    }

    @Override
    int threads() {
        int chunks = contractsPerChunk > 1 ? Math.min(super.threads(), threadsForNetsuite()) : super.threads();
        // Reading the feed takes a thread as well.
        return chunks + 1;
    }

    private static void handOver(Runnable task, ThreadPoolExecutor pool) {
        try {
            do {
                if (pool.isShutdown()) {
                    throw new RejectedExecutionException("the process stops");
                }
            } while (!pool.getQueue().offer(task, 1, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RejectedExecutionException(e);
        }
    }
}
