package contractflow;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that contracts are worked on. Handing over a contract waits until one is free, so that the feed is read no faster
 * than it is worked off, and nothing queues up in memory.
 */
public final class ContractWorkers extends ThreadPoolExecutor {

    public ContractWorkers() {
        super(1, 1, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), named(), (task, pool) -> handOver(task, pool));
        allowCoreThreadTimeOut(true);
    }

    /**
     * @param workers threads
     */
    public void setWorkers(int workers) {
        setMaximumPoolSize(workers);
        setCorePoolSize(workers);
    }

    private static ThreadFactory named() {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "contract-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
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
