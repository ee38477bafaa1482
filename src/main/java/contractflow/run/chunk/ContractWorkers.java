package contractflow.run.chunk;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads that parts of chunks are worked on. What is handed over waits in a queue, which the chunks that are in work bound. */
public class ContractWorkers extends ThreadPoolExecutor {

    private String workers = "";
    private int netsuiteConcurrency;
    private int usageConcurrency;

    public ContractWorkers() {
        this(new LinkedBlockingQueue<>(), new AbortPolicy());
    }

    ContractWorkers(BlockingQueue<Runnable> queue, RejectedExecutionHandler handler) {
        super(1, 1, 10, TimeUnit.SECONDS, queue, named(), handler);
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

    /** How many threads there are to be by the settings that are known so far. */
    int threads() {
        return workers.isEmpty() ? andQuarter(netsuiteConcurrency + usageConcurrency) : Integer.parseInt(workers);
    }

    /** The calls to NetSuite that are made at once, and what is between two calls. */
    final int threadsForNetsuite() {
        return andQuarter(netsuiteConcurrency);
    }

    private static int andQuarter(int calls) {
        return Math.max(1, calls + calls / 4);
    }

    final void resize() {
        int threads = threads();
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
}
