package contractflow.check;

import com.fasterxml.jackson.databind.JsonNode;
import contractflow.contract.Contract;
import contractflow.failure.Advice;
import contractflow.failure.WarehouseFault;
import contractflow.failure.api.InvalidRecord;
import contractflow.failure.api.ServiceUnavailable;
import contractflow.failure.api.Unauthorized;
import contractflow.feed.Feed;
import contractflow.feed.folder.FeedFolder;
import contractflow.feed.netsuite.SuiteQlPage;
import contractflow.run.DeadBudget;
import contractflow.run.Run;
import contractflow.warehouse.LockWaits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/** Adds what the routes have found to a {@link Check}. */
public final class Checks {

    private Path directory;

    /**
     * @param directory where feeds lie
     */
    public void setDirectory(String directory) {
        this.directory = Path.of(directory);
    }

    /** What the API is asked for, as a run that is in no table. */
    public Run asking(@Variable("check") Check check, @Variable("usagePeriod") String usagePeriod) {
        Feed feed = check.getFeed() == null ? Feed.ofNetSuite() : check.getFeed();
        Map<String, Object> row = Map.of("run_id", 0L, "usage_period", usagePeriod, "resumed", false);
        return new Run(feed, row, null, new DeadBudget(100, Long.MAX_VALUE));
    }

    /** What the API, or the warehouse, was asked for is there. */
    public void ok(@Variable("check") Check check, @Variable("stage") String stage, @Body String text) {
        check.ok(stage, text);
    }

    /** What the API, or the warehouse, was asked for is not there. */
    public void problem(Exchange exchange, @Variable("check") Check check, @Variable("stage") String stage) {
        Throwable failure = WarehouseFault.failure(exchange);
        if (WarehouseFault.isLock(failure)) {
            locked(check, failure, exchange);
            return;
        }
        Contract contract = exchange.getVariable("contract", Contract.class);
        String about = contract == null ? "" : "contract " + contract.getContractId() + ": ";
        boolean ofList = contract == null && exchange.getVariable("listPage") != null;
        check.problem(stage, about + Advice.about(stage, failure, ofList));
        if (stage.equals("load")) {
            check.setLoadable(WarehouseFault.isData(exchange));
        } else if (!(failure instanceof InvalidRecord) && !(mayBeOfRecord(failure) && check.isFirstFailureOf(stage))) {
            check.silence(stage);
        }
    }

    /** Another session's lock is no fault of a contract, and would be waited for with the next one as well. */
    private static void locked(Check check, Throwable failure, Exchange exchange) {
        check.problem("warehouse", LockWaits.describe(failure, exchange.getContext()));
        check.setLoadable(false);
    }

    /** Whether another contract may be answered all the same. */
    private static boolean mayBeOfRecord(Throwable failure) {
        return failure instanceof Unauthorized refused && refused.isAboutRecord() && !refused.isRepeatable()
                || failure instanceof ServiceUnavailable unavailable && unavailable.getStatus() / 100 == 4;
    }

    /** What lacks whatever the next start does; the rest is kept for {@link Tables#lookAhead}. */
    public void permissions(@Variable("check") Check check, @Body List<Map<String, Object>> tables) {
        check.setTables(tables);
        check.setLoadable(check.tellOfTables("either"));
    }

    /** What is wrong in the tables that the owner has made. */
    public void faults(@Variable("check") Check check, @Body List<Map<String, Object>> faults) {
        faults.forEach(fault -> check.problem("warehouse", String.valueOf(fault.get("fault"))));
    }

    /** Takes the newest feed of the folder, where none is named. */
    public void choose(@Variable("check") Check check) throws IOException {
        if (check.getFeed() == null && Files.isDirectory(directory)) {
            try (Stream<Path> files = Files.list(directory)) {
                files.filter(Checks::isFeed)
                        .max(Comparator.comparing(file -> lastModified(file)))
                        .ifPresent(file -> check.setFeed(Feed.at(file)));
            }
        }
    }

    private static boolean isFeed(Path file) {
        return Files.isRegularFile(file) && FeedFolder.isFeed(file);
    }

    private static FileTime lastModified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }

    /** The contracts of a file. */
    public void read(@Variable("check") Check check) {
        listed(check, Listing.of(check.getFeed(), check.getSampleSize()));
    }

    /** The first thousand that NetSuite lists. */
    public SuiteQlPage firstPage() {
        return new SuiteQlPage(0);
    }

    /** NetSuite has listed them. */
    public void page(@Variable("check") Check check, @Body JsonNode page) {
        listed(check, Listing.of(page, check.getSampleSize()));
    }

    private static void listed(Check check, Listing listing) {
        if (listing.contracts() == 0) {
            check.problem(
                    "feed",
                    listing.name() + " has no contract" + (listing.defect() == null ? "" : ", " + listing.defect()));
            return;
        }
        check.setListing(listing);
        check.ok("feed", String.format(Locale.ROOT, "%s has %,d contracts", listing.name(), listing.contracts()));
        if (listing.defect() != null) {
            check.note("feed", "of its rows, some would be dead letters; the first is " + listing.defect());
        }
    }

    /** A contract as a batch. */
    public List<Contract> alone(@Variable("contract") Contract contract) {
        return List.of(contract);
    }

    /** The row that would be written, a column each. */
    public void row(@Variable("check") Check check, @Body List<Map<String, Object>> columns) {
        Map<String, String> values = new LinkedHashMap<>();
        columns.forEach(column -> values.put((String) column.get("name"), (String) column.get("value")));
        check.row((String) columns.get(0).get("outcome"), values);
    }
}
