package contractflow;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.camel.Exchange;
import org.apache.camel.Produce;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.Variable;

/**
 * The contracts of a run that have no outcome yet, a page at a time from the database, so that memory does not grow with the feed
 * and a resumed run knows what is left. It ends early where the run is stopped.
 */
public final class PendingContracts {

    @Produce
    private ProducerTemplate routes;

    /** What the run has still to do, in the order of the feed. */
    public Iterator<Contract> of(@Variable("run") Run run) {
        return new Pages(run);
    }

    private final class Pages implements Iterator<Contract> {

        private final Run run;
        private final Queue<Contract> page = new ArrayDeque<>();
        private Contract next;
        private long line;
        private boolean last;

        Pages(Run run) {
            this.run = run;
        }

        /** Once it has said yes, it says so until the contract is taken: the splitter asks twice, and believes a no at once. */
        @Override
        public boolean hasNext() {
            if (next == null && !run.isStopped()) {
                if (page.isEmpty() && !last) {
                    turn();
                }
                next = page.poll();
            }
            return next != null;
        }

        private void turn() {
            Exchange answer = routes.request("direct:next-contracts", exchange -> {
                exchange.getMessage().setBody(line);
                exchange.setVariable("run", run);
            });
            if (answer.getException() != null) {
                run.stop(WarehouseFault.message(answer.getException()));
                return;
            }
            for (Object row : answer.getMessage().getBody(List.class)) {
                Map<?, ?> columns = (Map<?, ?>) row;
                line = ((Number) columns.get("line_number")).longValue();
                page.add(contract(columns));
            }
            last = page.isEmpty();
        }

        private Contract contract(Map<?, ?> columns) {
            Contract contract = new Contract(line, (String) columns.get("contract_id"), (String) columns.get("customer_id"));
            if (columns.get("netsuite") instanceof String netsuite) {
                contract.keep("netsuite", Json.read(netsuite));
            }
            return contract;
        }

        @Override
        public Contract next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Contract taken = next;
            next = null;
            return taken;
        }
    }
}
