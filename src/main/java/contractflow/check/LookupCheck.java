package contractflow.check;

import contractflow.contract.Contract;
import contractflow.contract.Lookup;
import contractflow.failure.Failure;
import contractflow.failure.api.Unauthorized;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/** Tries whether the contracts of a check's sample can be asked for in one call, as a run does. */
public final class LookupCheck {

    private int contractsPerCall;
    private int customersPerCall;

    /**
     * @param contractsPerCall 1 where a run makes no query
     */
    public void setContractsPerCall(int contractsPerCall) {
        this.contractsPerCall = contractsPerCall;
    }

    /**
     * @param customersPerCall 1 where a run asks for each customer
     */
    public void setCustomersPerCall(int customersPerCall) {
        this.customersPerCall = customersPerCall;
    }

    /** The query for the sample; null where there is nothing to try. */
    public Lookup ofContracts(@Variable("check") Check check) {
        return contractsPerCall == 1
                ? null
                : lookup(
                        "netsuite",
                        check,
                        contract -> contract.getContractId().matches("[1-9][0-9]{0,17}"),
                        Contract::getContractId);
    }

    /** The call for the usage of the sample's customers; null where there is nothing to try. */
    public Lookup ofCustomers(@Variable("check") Check check) {
        if (contractsPerCall == 1 || customersPerCall == 1) {
            return null;
        }
        // One that is unknown is a refusal for all of them, which says nothing of the call.
        Lookup lookup = lookup("usage", check, contract -> contract.hasAnswer("usage"), Contract::getCustomerId);
        return lookup == null || lookup.size() < 2 ? null : lookup;
    }

    private static Lookup lookup(String api, Check check, Predicate<Contract> wanted, Function<Contract, String> id) {
        Map<String, List<Contract>> contracts = check.getSample().stream()
                .filter(contract -> check.isAsking(api) && wanted.test(contract))
                .collect(Collectors.groupingBy(
                        id,
                        // The answers of the calls for one are kept as they are.
                        Collectors.mapping(
                                contract -> new Contract(
                                        contract.getLineNumber(), contract.getContractId(), contract.getCustomerId()),
                                Collectors.toList())));
        return contracts.isEmpty() ? null : new Lookup(api, contracts);
    }

    /** Begins to measure the call. */
    public long begin() {
        return System.nanoTime();
    }

    /** The API has answered for the sample. */
    public void answered(
            @Variable("check") Check check, @Variable("lookup") Lookup lookup, @Variable("begun") long begun) {
        String api = lookup.getApi();
        check.setLookupMillis(api, BigDecimal.valueOf(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun)));
        List<String> lacking = check.getSample().stream()
                .filter(contract -> contract.hasAnswer(api) && lookup.getIds().contains(contract.getContractId()))
                .map(Contract::getContractId)
                .filter(id -> !lookup.contractsOf(id).get(0).hasAnswer(api))
                .toList();
        check.ok(
                api,
                "answers for " + lookup.size() + (api.equals("netsuite") ? " contracts" : " customers")
                        + " in one call");
        if (!lacking.isEmpty()) {
            check.note(
                    api,
                    "the query of sql/netsuite-lookup.sql has no row for " + String.join(", ", lacking)
                            + ", which exists: each such contract costs a call of its own; see its conditions, and what the"
                            + " integration's role may see");
        }
    }

    /** The API does not answer for the sample. */
    public void problem(Exchange exchange, @Variable("check") Check check, @Variable("stage") String stage) {
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        String said = Failure.describe(failure);
        check.problem(
                stage,
                stage.equals("netsuite")
                        ? "the query of sql/netsuite-lookup.sql: " + said
                                + (failure instanceof Unauthorized
                                        ? "; give the integration's role the permission SuiteAnalytics Workbook"
                                        : "; see what the file asks for")
                                + ", or set netsuite.contracts-per-call=1"
                        : "a call for several customers: " + said
                                + "; try the other usage.query-method, or set usage.customers-per-call=1");
    }
}
