package contractflow.run;

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

    private String workers = "";
    private int netsuiteConcurrency;
    private int usageConcurrency;

    public ContractWorkers() {
        super(1, 1, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), named(), (task, pool) -> handOver(task, pool));
        allowCoreThreadTimeOut(true);
    }

    /**
     * @param workers threads; empty for as many calls as the APIs take at once and a quarter more, since a contract is also
     *     between two calls
     */
    public void setWorkers(String workers) {
        this.workers = workers.strip();
        resize();
    }

    /**
     * @param netsuiteConcurrency most calls that NetSuite takes at once
     */
    public void setNetsuiteConcurrency(int netsuiteConcurrency) {
        this.netsuiteConcurrency = netsuiteConcurrency;
        resize();
    }

    /**
     * @param usageConcurrency most calls that the usage API takes at once
     */
    public void setUsageConcurrency(int usageConcurrency) {
        this.usageConcurrency = usageConcurrency;
        resize();
    }

    private void resize() {
        int calls = netsuiteConcurrency + usageConcurrency;
        int threads = workers.isEmpty() ? Math.max(1, calls + calls / 4) : Integer.parseInt(workers);
        setCorePoolSize(1);
        setMaximumPoolSize(threads);
        setCorePoolSize(threads);
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
