package contractflow.run;

import contractflow.contract.Contract;
import contractflow.failure.WarehouseFault;
import java.util.List;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Distinguishes a row that the database refuses from a statement that it refuses whatever the row: whether others are taken decides. */
public final class LoadVerdict {

    private static final Logger LOG = LoggerFactory.getLogger(LoadVerdict.class);

    /** How often the database has cancelled a batch or rolled it back. */
    private static final String TIMEOUTS = "contractflow.timeouts";

    /** The database may have been busy as often as that. */
    private static final int MOST_TIMEOUTS = 2;

    /** Whether the database answers and refuses what it was given, so that a part of it may be taken. */
    public boolean isRefused(Exchange exchange, @Variable("run") Run run) {
        Throwable failure = WarehouseFault.failure(exchange);
        return !WarehouseFault.saysAway(failure) && !WarehouseFault.isRefusedTrust(failure)
                || WarehouseFault.mayBeOfRow(failure) && !run.isStopped();
    }

    /**
     * Whether the database refuses a row that is known to be good. One that it takes where it is there already, but not as a new one,
     * counts where the rows of the run are refused by the same SQLSTATE.
     */
    public boolean isKnownRowRefused(
            Exchange exchange, @Variable("run") Run run, @Variable("knownRow") RefusedRows.KnownRow known) {
        if (!isRefused(exchange, run)) {
            return false;
        }
        return switch (known) {
            case NONE -> true;
            case INSERTED ->
                WarehouseFault.isSameState(
                        WarehouseFault.failure(exchange), run.getRefusedRows().getFirstFailure());
            // There was no room for it as a new one, such as for a foreign key, which says nothing.
            case TAKEN, REFUSED -> false;
        };
    }

    /** Whether a batch has been cancelled or rolled back so often that one of its rows may be the reason. Counts it. */
    static boolean isRepeated(Exchange exchange) {
        if (exchange.getVariable("contracts") == null || !WarehouseFault.mayBeOfRow(WarehouseFault.failure(exchange))) {
            return false;
        }
        int timeouts = exchange.getProperty(TIMEOUTS, 0, Integer.class) + 1;
        exchange.setProperty(TIMEOUTS, timeouts);
        return timeouts > MOST_TIMEOUTS;
    }

    /** The database has refused a batch of one. */
    public void refused(Exchange exchange, @Variable("run") Run run, @Variable("contract") Contract contract) {
        run.getRefusedRows().add(contract, WarehouseFault.failure(exchange));
    }

    /**
     * Whether the rows that were refused are at fault. Where it is the statement, stops the run with what the database said.
     *
     * @param known what has come of writing a row that is known to be good
     * @param last whether no other row comes
     */
    public boolean isOfRows(
            @Variable("run") Run run,
            @Variable("knownRow") RefusedRows.KnownRow known,
            @Variable("last") boolean last) {
        RefusedRows.Fault fault = run.getRefusedRows().decide(known, run.hasLoaded(), last);
        if (fault == RefusedRows.Fault.OF_STATEMENT) {
            run.stop(WarehouseFault.message(run.getRefusedRows().getFirstFailure()));
        }
        return fault == RefusedRows.Fault.OF_ROWS;
    }

    /** Makes a row that was refused, and what the database said of it, those of the message. */
    public void show(Exchange exchange, @Body RefusedRows.RefusedRow row) {
        exchange.setVariable("contract", row.contract());
        exchange.setProperty(Exchange.EXCEPTION_CAUGHT, row.failure());
    }

    /** Leaves a batch pending that would be refused as the rows before it were. */
    public void leavePending(@Variable("contracts") List<?> contracts, @Variable("run") Run run) {
        contracts.forEach(contract -> LOG.debug("{}: pending, {}", contract, run.getStopReason()));
    }
}
