package contractflow.check;

import com.fasterxml.jackson.databind.JsonNode;
import contractflow.contract.Contract;
import contractflow.failure.FeedUnreadable;
import contractflow.feed.Feed;
import contractflow.feed.FeedReader;
import contractflow.feed.FeedRow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * The contracts that a run would be about.
 *
 * @param name of the feed, or of what else lists them
 * @param first the first ones
 * @param contracts how many there are
 * @param customers how many customers they are of, at most
 * @param defect what is wrong with the first row that has no contract; null where each has one
 */
record Listing(String name, List<Contract> first, long contracts, long customers, String defect) {

    /**
     * What a feed lists.
     *
     * @throws FeedUnreadable where it cannot be read
     */
    static Listing of(Feed feed, int most) {
        List<Contract> first = new ArrayList<>();
        Set<String> customers = new HashSet<>();
        long contracts = 0;
        String defect = null;
        for (Iterator<List<FeedRow>> pieces = new FeedReader().read(feed); pieces.hasNext(); ) {
            for (FeedRow row : pieces.next()) {
                if (row.defect() != null) {
                    defect = defect == null ? "row " + row.lineNumber() + ": " + row.defect() : defect;
                    continue;
                }
                contracts++;
                customers.add(row.customerId());
                if (first.size() < most) {
                    first.add(new Contract(row.lineNumber(), row.contractId(), row.customerId()));
                }
            }
        }
        return new Listing(feed.name(), first, contracts, customers.size(), defect);
    }

    /** What NetSuite lists, of which this is the first page. */
    static Listing of(JsonNode page, int most) {
        List<Contract> first = new ArrayList<>();
        Set<String> customers = new HashSet<>();
        String defect = null;
        long number = 0;
        for (JsonNode item : page.get("items")) {
            FeedRow row = FeedRow.of(++number, item);
            if (row.defect() != null) {
                defect = defect == null ? "row " + number + ": " + row.defect() : defect;
                continue;
            }
            customers.add(row.customerId());
            if (first.size() < most) {
                first.add(new Contract(number, row.contractId(), row.customerId()));
            }
        }
        boolean whole = !page.get("hasMore").booleanValue();
        long contracts =
                whole ? number : Math.max(number, page.path("totalResults").asLong());
        return new Listing("NetSuite's list", first, contracts, whole ? customers.size() : contracts, defect);
    }
}
