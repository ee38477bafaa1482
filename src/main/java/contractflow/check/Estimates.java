package contractflow.check;

import contractflow.api.job.Calls;
import contractflow.run.Run;
import java.math.BigDecimal;
import org.apache.camel.Variable;

/** Says of a {@link Check} what its sample says about all contracts: how long a run would take, and which columns are empty. */
public final class Estimates {

    private int contractsPerCall = 1;
    private int customersPerCall = 1;
    private double netsuiteRate;
    private int netsuiteConcurrency;
    private double usageRate;
    private int usageConcurrency;

    /**
     * @param contractsPerCall that a run asks for
     */
    public void setContractsPerCall(int contractsPerCall) {
        this.contractsPerCall = contractsPerCall;
    }

    /**
     * @param customersPerCall that a run asks for
     */
    public void setCustomersPerCall(int customersPerCall) {
        this.customersPerCall = customersPerCall;
    }

    /**
     * @param netsuiteRate most calls in one second
     */
    public void setNetsuiteRate(double netsuiteRate) {
        this.netsuiteRate = netsuiteRate;
    }

    /**
     * @param netsuiteConcurrency most calls at once
     */
    public void setNetsuiteConcurrency(int netsuiteConcurrency) {
        this.netsuiteConcurrency = netsuiteConcurrency;
    }

    /**
     * @param usageRate most calls in one second
     */
    public void setUsageRate(double usageRate) {
        this.usageRate = usageRate;
    }

    /**
     * @param usageConcurrency most calls at once
     */
    public void setUsageConcurrency(int usageConcurrency) {
        this.usageConcurrency = usageConcurrency;
    }

    /** What the sample says about all contracts. */
    public void conclude(@Variable("check") Check check, @Variable("run") Run run) {
        if (check.getRows() > 0) {
            check.emptyColumns()
                    .forEach(column -> check.note(
                            "mapping",
                            column + " has nothing in any of these rows: see its field in sql/load-batch.sql"));
        }
        Listing listing = check.getListing();
        if (listing == null) {
            check.note("run", "no contract was tried, so the time of a run is not known");
        } else {
            BigDecimal netsuite = latency(check, run, "netsuite");
            BigDecimal usage = latency(check, run, "usage");
            new Estimate()
                    .with(
                            "netsuite",
                            Estimate.calls(listing.contracts(), contractsPerCall, "contracts"),
                            netsuiteRate,
                            netsuiteConcurrency,
                            netsuite)
                    .with(
                            "usage",
                            Estimate.calls(
                                    listing.customers(), contractsPerCall == 1 ? 1 : customersPerCall, "customers"),
                            usageRate,
                            usageConcurrency,
                            usage)
                    .addTo(check);
            if (netsuite == null || usage == null) {
                check.note(
                        "run",
                        "how long " + (netsuite == null ? "NetSuite" : "the usage API")
                                + " takes to answer is not known, so it may take longer");
            }
        }
    }

    /** Of an API that has failed, it is unknown. */
    private static BigDecimal latency(Check check, Run run, String api) {
        if (check.getLookupMillis(api) != null) {
            return check.getLookupMillis(api);
        }
        return run.getCalls().stream()
                .filter(calls -> calls.getApi().equals(api) && check.isAsking(api))
                .map(Calls::getMeanLatencyMillis)
                .findFirst()
                .orElse(null);
    }
}
