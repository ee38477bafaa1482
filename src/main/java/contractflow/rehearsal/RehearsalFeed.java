package contractflow.rehearsal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The contracts of a rehearsal: good ones that the simulated APIs know, and bad ones that one of them does not. */
final class RehearsalFeed {

    /** So many are possible, and the bad ones besides. */
    static final int MOST = 9900;

    private static final int FIRST = 10000;
    private static final int CUSTOMERS = 4000;
    private static final int BAD = 10;

    private final Map<String, String> customerByContract = new LinkedHashMap<>();
    private final Set<String> bad = new TreeSet<>();

    /**
     * @param contracts that are good
     * @param withBad whether there are bad ones besides
     */
    RehearsalFeed(int contracts, boolean withBad) {
        for (int id = FIRST; customerByContract.size() < contracts; id++) {
            String customer = String.valueOf(7000 + (id - FIRST) % CUSTOMERS);
            if (id % 1000 != 404 && !customer.endsWith("666")) {
                customerByContract.put(String.valueOf(id), customer);
            }
        }
        for (int i = 0; withBad && i < BAD; i++) {
            // NetSuite has no such contract, and the usage API no such customer.
            addBad(String.valueOf(20000 + i), "7000");
            addBad(String.valueOf(FIRST + MOST + 50 + i), String.valueOf(5000 + i));
        }
    }

    private void addBad(String contract, String customer) {
        customerByContract.put(contract, customer);
        bad.add(contract);
    }

    Set<String> contracts() {
        return customerByContract.keySet();
    }

    Set<String> bad() {
        return bad;
    }

    void write(Path file) throws IOException {
        StringBuilder csv = new StringBuilder("contract_id,customer_id\n");
        customerByContract.forEach((contract, customer) ->
                csv.append(contract).append(',').append(customer).append('\n'));
        Files.writeString(file, csv);
    }
}
