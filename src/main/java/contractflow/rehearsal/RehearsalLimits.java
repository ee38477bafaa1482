package contractflow.rehearsal;

import org.apache.camel.CamelContext;

/** The limits that hold for the runs of a rehearsal: the user's, with calls so small that a night has many. */
final class RehearsalLimits {

    private static final int CONTRACTS_PER_CALL = 20;
    private static final int CUSTOMERS_PER_CALL = 10;

    /** What application-rehearsal.properties says. */
    private static final int BATCH = 100;

    /** A server sees calls that started evenly a little closer together or further apart. */
    private static final double JITTER = 1.1;

    private final CamelContext camel;

    RehearsalLimits(CamelContext camel) {
        this.camel = camel;
    }

    int contractsPerCall() {
        return Math.min(CONTRACTS_PER_CALL, setting("netsuite.contracts-per-call"));
    }

    int customersPerCall() {
        return Math.min(CUSTOMERS_PER_CALL, setting("usage.customers-per-call"));
    }

    int concurrency(String api) {
        return setting(api + ".concurrency");
    }

    /** Calls that may come in within any second. */
    int inASecond(String api) {
        return (int) Math.ceil(setting(api + ".requests-per-second") * JITTER);
    }

    /** Contracts that may be asked for again after a kill: those in flight, and two batches. */
    int askedAgain() {
        int calls = concurrency("netsuite") + (contractsPerCall() == 1 ? concurrency("usage") : 0);
        return (calls + (calls + 3) / 4 + 1) * contractsPerCall() + 2 * BATCH;
    }

    /** Calls that may be refused while an accepted limit is learnt: 5 % of them, and those that are in flight at first. */
    int mostRefused(int calls) {
        return concurrency("netsuite") + calls / 20;
    }

    private int setting(String key) {
        return Integer.parseInt(
                camel.resolvePropertyPlaceholders("{{" + key + "}}").strip());
    }
}
