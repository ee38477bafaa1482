package contractflow.run;

import contractflow.contract.Contract;
import contractflow.contract.Json;
import contractflow.failure.WarehouseFault;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.util.ObjectHelper;

/**
 * The rows of a run that the database has refused one by one since it last took one. As soon as it takes another, each of them is at
 * fault; where it takes none, the statement is.
 */
public final class RefusedRows {

    /** So many in a row are worth a try with a row that is known to be good. */
    private static final int HANDFUL = 5;

    /** So many in a row are not all at fault, where none was ever taken. */
    private static final int MOST = 10;

    /** What has come of writing a row that is known to be good. */
    public enum KnownRow {
        TAKEN,
        REFUSED,
        /** It was taken as one that is there already, and is tried as a new one. */
        INSERTED,
        /** There is no such row. */
        NONE
    }

    /** What is at fault. */
    enum Fault {
        OF_ROWS,
        OF_STATEMENT,
        UNKNOWN
    }

    /** A contract, and what the database said of it. */
    public record RefusedRow(Contract contract, Throwable failure) {

        /** Whether the database speaks of what stands in the row. */
        private boolean isAboutData() {
            SQLException sql = ObjectHelper.getException(SQLException.class, failure);
            return sql != null && WarehouseFault.isAboutData(sql);
        }
    }

    private final List<RefusedRow> rows = new ArrayList<>();
    private boolean statementAtFault;

    synchronized void add(Contract contract, Throwable failure) {
        rows.add(new RefusedRow(contract, failure));
    }

    /** Whether it is time to try a row that is known to be good. */
    public synchronized boolean isHandful() {
        return !statementAtFault && (rows.size() == HANDFUL || rows.size() >= MOST);
    }

    /** Whether there are rows of which it is not known whether they are at fault. */
    public synchronized boolean isOpen() {
        return !statementAtFault && !rows.isEmpty();
    }

    /** Whether no row would be taken, so that none need be tried any more. */
    public synchronized boolean isStatementAtFault() {
        return statementAtFault;
    }

    /** The ids of the contracts, as a JSON array. */
    public synchronized String getContracts() {
        return Json.write(Json.exact()
                .valueToTree(
                        rows.stream().map(row -> row.contract().getContractId()).toList()));
    }

    /** The rows, each of which is at fault by itself, since another one was taken. */
    public synchronized List<RefusedRow> take() {
        List<RefusedRow> taken = List.copyOf(rows);
        rows.clear();
        return taken;
    }

    synchronized Throwable getFirstFailure() {
        return rows.get(0).failure();
    }

    /**
     * What is at fault, before another row is taken.
     *
     * @param everTaken whether the database has ever taken a row of the run
     * @param last whether no other row comes
     */
    synchronized Fault decide(KnownRow known, boolean everTaken, boolean last) {
        boolean statement = switch (known) {
            case REFUSED -> true;
            case TAKEN, INSERTED -> !everTaken && rows.size() >= MOST;
            case NONE ->
                last ? rows.size() >= HANDFUL || !rows.stream().allMatch(RefusedRow::isAboutData) : rows.size() >= MOST;
        };
        statementAtFault = statement;
        if (statement) {
            return Fault.OF_STATEMENT;
        }
        return last || known != KnownRow.NONE && everTaken ? Fault.OF_ROWS : Fault.UNKNOWN;
    }
}
