package contractflow.run.chunk;

import contractflow.config.RouteCalls;
import contractflow.contract.Chunk;
import contractflow.contract.Contract;
import contractflow.contract.Json;
import contractflow.failure.WarehouseFault;
import contractflow.run.Run;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.camel.BeanInject;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/**
 * The contracts of a run that have no outcome yet, a page at a time from the database, so that memory does not grow with the feed
 * and a resumed run knows what is left. It ends early where the run is stopped.
 */
public final class PendingContracts {

    /**
     * The next contract is any of so many. They are read customer by customer; handed out like that, all workers would wait for
     * the usage of one customer, and NetSuite would not be asked meanwhile.
     */
    static final int MIXED = 500;

    private static final int PAGE = 1000;

    @BeanInject(RouteCalls.NAME)
    private RouteCalls routes;

    private int contractsPerChunk = 1;

    /**
     * @param contractsPerChunk most contracts that are looked up together
     */
    public void setContractsPerChunk(int contractsPerChunk) {
        this.contractsPerChunk = contractsPerChunk;
    }

    /**
     * What the run has still to do, as chunks or, where a chunk would be one contract, as contracts. They come customer after customer; single
     * contracts are mixed a little.
     */
    public Iterator<Object> of(@Variable("run") Run run) {
        return new Pages(run);
    }

    private final class Pages implements Iterator<Object> {

        private final Run run;
        private final Queue<Contract> page = new ArrayDeque<>(PAGE);
        private final List<Contract> mixed = new ArrayList<>(MIXED);
        private Object next;
        private Contract last = new Contract(0, "", "");
        private boolean atEnd;

        Pages(Run run) {
            this.run = run;
        }

        /** Once it has said yes, it says so until the contract is taken: the splitter asks twice, and believes a no at once. */
        @Override
        public boolean hasNext() {
            if (next == null && !run.isStopped()) {
                int wanted = contractsPerChunk > 1 ? contractsPerChunk : MIXED;
                while (mixed.size() < wanted && !atEnd && !run.isStopped()) {
                    mix();
                }
                next = mixed.isEmpty() ? null : take();
            }
            return next != null;
        }

        private Object take() {
            if (contractsPerChunk == 1 || mixed.size() == 1) {
                return takeAny();
            }
            Chunk all = new Chunk(List.copyOf(mixed));
            mixed.clear();
            return all;
        }

        private void mix() {
            if (page.isEmpty()) {
                readPage();
            }
            Contract read = page.poll();
            if (read != null) {
                mixed.add(read);
            }
        }

        private Contract takeAny() {
            int any = ThreadLocalRandom.current().nextInt(mixed.size());
            Collections.swap(mixed, any, mixed.size() - 1);
            return mixed.remove(mixed.size() - 1);
        }

        private void readPage() {
            Exchange answer = routes.request("direct:next-contracts", exchange -> {
                exchange.getMessage().setBody(last);
                exchange.setVariable("pageSize", PAGE);
                exchange.setVariable("run", run);
            });
            if (answer.getException() != null) {
                run.stop(WarehouseFault.message(answer.getException()));
                return;
            }
            for (Object row : answer.getMessage().getBody(List.class)) {
                last = contract((Map<?, ?>) row);
                page.add(last);
            }
            atEnd = page.isEmpty();
        }

        private Contract contract(Map<?, ?> columns) {
            Contract contract = new Contract(
                    ((Number) columns.get("line_number")).longValue(), (String) columns.get("contract_id"), (String)
                            columns.get("customer_id"));
            if (columns.get("netsuite") instanceof String netsuite) {
                contract.keep("netsuite", Json.read(netsuite));
            }
            return contract;
        }

        @Override
        public Object next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Object taken = next;
            next = null;
            return taken;
        }
    }
}
