package contractflow.check;

import contractflow.contract.Contract;
import contractflow.feed.Feed;
import contractflow.warehouse.migration.Migrations;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A look at what a run would find, shown line by line. */
public final class Check {

    private final int sampleSize;
    private final PrintStream out;
    private final Set<String> silent = new HashSet<>();
    private final Set<String> failed = new HashSet<>();
    private final Map<String, Boolean> filledColumns = new LinkedHashMap<>();
    private final Map<String, BigDecimal> lookupMillis = new HashMap<>();
    private Feed feed;
    private Listing listing;
    private List<Migrations.Script> pending = List.of();
    private List<Map<String, Object>> tables = List.of();
    private boolean loadable;
    private int rows;
    private boolean clean = true;

    /**
     * @param feed whose first contracts are tried; null for what lies in the folder or NetSuite lists
     * @param sampleSize how many of them
     */
    public Check(Feed feed, int sampleSize, PrintStream out) {
        this.feed = feed;
        this.sampleSize = sampleSize;
        this.out = out;
    }

    public void ok(String about, String text) {
        say("ok", about, text);
    }

    /** Worth knowing, but no obstacle to a run. */
    public void note(String about, String text) {
        say("note", about, text);
    }

    /**
     * Something that a run would fail over.
     *
     * @param text what is wrong, and what to do
     */
    void problem(String about, String text) {
        clean = false;
        say("problem", about, text);
    }

    void say(String kind, String about, String text) {
        out.printf("%-8s %-9s  %s%n", kind, about, text);
        out.flush();
    }

    /** How long a call for several records took. */
    void setLookupMillis(String api, BigDecimal millis) {
        lookupMillis.put(api, millis);
    }

    /** Null where none was answered. */
    BigDecimal getLookupMillis(String api) {
        return lookupMillis.get(api);
    }

    /** Whether there was no problem. */
    public boolean isClean() {
        return clean;
    }

    int getSampleSize() {
        return sampleSize;
    }

    Feed getFeed() {
        return feed;
    }

    void setFeed(Feed feed) {
        this.feed = feed;
    }

    /** Whether the contracts are those of a file. */
    public boolean isOfFeed() {
        return feed != null;
    }

    /** The API has not answered, so that each contract would only say so again. */
    void silence(String api) {
        silent.add(api);
    }

    /** Whether the API has answered every contract so far, for all that is known; asked once for each failure. */
    boolean isFirstFailureOf(String api) {
        return failed.add(api);
    }

    public boolean isAsking(String api) {
        return !silent.contains(api);
    }

    Listing getListing() {
        return listing;
    }

    void setListing(Listing listing) {
        this.listing = listing;
    }

    /** The contracts that are tried. */
    public List<Contract> getSample() {
        return listing == null ? List.of() : listing.first();
    }

    /**
     * @param tables what {@code sql/check/check-permissions.sql} answered
     */
    void setTables(List<Map<String, Object>> tables) {
        this.tables = tables;
    }

    /** Says what is wrong with the tables in that case, and whether nothing is. */
    boolean tellOfTables(String inCase) {
        List<Map<String, Object>> wrong = tables.stream()
                .filter(table ->
                        table.get("problem") != null && table.get("in_case").equals(inCase))
                .toList();
        wrong.forEach(table -> problem("warehouse", (String) table.get("problem")));
        return wrong.isEmpty();
    }

    long getPrivileges() {
        return tables.stream()
                .mapToLong(table -> ((Number) table.get("privileges")).longValue())
                .sum();
    }

    List<Migrations.Script> getPending() {
        return pending;
    }

    void setPending(List<Migrations.Script> pending) {
        this.pending = pending;
    }

    void setLoadable(boolean loadable) {
        this.loadable = loadable;
    }

    /** Whether no migration is still to be applied. */
    public boolean isMigrated() {
        return pending.isEmpty();
    }

    /** Whether the warehouse would take a row. */
    public boolean isLoadable() {
        return loadable;
    }

    /** A row as it would be written, each column by its name. */
    void row(String outcome, Map<String, String> columns) {
        StringBuilder line = new StringBuilder();
        columns.forEach((name, value) -> {
            line.append(line.isEmpty() ? "" : ", ").append(name).append('=').append(value == null ? "–" : value);
            filledColumns.merge(name, value != null, Boolean::logicalOr);
        });
        rows++;
        say("row", outcome, line.toString());
    }

    int getRows() {
        return rows;
    }

    /** The columns that had something in no row. */
    List<String> emptyColumns() {
        return filledColumns.entrySet().stream()
                .filter(column -> !column.getValue())
                .map(Map.Entry::getKey)
                .toList();
    }
}
