package contractflow.feed;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import contractflow.contract.Json;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * One row of a feed.
 *
 * @param lineNumber the line, or in a JSON array the element, from 1
 * @param contractId null where the row has none that can be stored
 * @param customerId null where the row has none that can be stored
 * @param row the whole row as JSON, which may say what no database stores as a text; of one whose columns are unknown the
 *     text, as far as it can be read
 * @param defect why the row cannot be worked on; null for a sound one
 */
public record FeedRow(
        @JsonProperty("line_number") long lineNumber,
        @JsonProperty("contract_id") String contractId,
        @JsonProperty("customer_id") String customerId,
        @JsonProperty("row") String row,
        @JsonProperty("defect") String defect) {

    /** What each row has to have. */
    static final List<String> ID_COLUMNS = List.of("contract_id", "customer_id");

    /** Longer than any id that was seen, and short enough for a PostgreSQL index. */
    private static final int LONGEST_ID = 255;

    /** As spreadsheets save long numbers; the other digits are lost. */
    private static final Pattern SHORTENED = Pattern.compile("\\d+([.,]\\d+)?[eE][+]\\d+");

    /** What cannot be seen at either end of a text: blanks of all kinds, byte order marks and the like. */
    private static final Pattern INVISIBLE_ENDS = Pattern.compile("^[\\s\\p{Z}\\p{Cf}]+|[\\s\\p{Z}\\p{Cf}]+$");

    /** A row with its columns by name; it is sound where it has both ids. */
    public static FeedRow of(long lineNumber, JsonNode columns) {
        String contractDefect = idDefect(columns, "contract_id");
        String customerDefect = idDefect(columns, "customer_id");
        return new FeedRow(
                lineNumber,
                contractDefect == null ? plain(columns.get("contract_id").asText()) : null,
                customerDefect == null ? plain(columns.get("customer_id").asText()) : null,
                Json.write(columns),
                contractDefect != null ? contractDefect : customerDefect);
    }

    /** A row whose columns are unknown. */
    static FeedRow defective(long lineNumber, String text, String defect) {
        return new FeedRow(lineNumber, null, null, Json.write(JsonNodeFactory.instance.textNode(text)), defect);
    }

    /** The same row, refused; its ids stay, and its text as it came, since the columns do not hold all of it. */
    FeedRow because(String reason, String text) {
        return new FeedRow(
                lineNumber, contractId, customerId, Json.write(JsonNodeFactory.instance.textNode(text)), reason);
    }

    /** A name or an id without what cannot be seen around it. */
    static String plain(String text) {
        int last = text.length() - 1;
        if (last >= 0 && Character.isLetterOrDigit(text.charAt(0)) && Character.isLetterOrDigit(text.charAt(last))) {
            return text;
        }
        return INVISIBLE_ENDS.matcher(text).replaceAll("");
    }

    /** By what a column of a CSV feed and a key of a JSON object are known: neither case nor what cannot be seen around it counts. */
    static String columnName(String written) {
        return plain(written).toLowerCase(Locale.ROOT);
    }

    private static String idDefect(JsonNode columns, String name) {
        JsonNode value = columns.get(name);
        if (value == null || value.isNull()) {
            return "no " + name;
        }
        if (!value.isTextual() && !value.isIntegralNumber()) {
            return name + " is neither a text nor a whole number";
        }
        String id = plain(value.asText());
        if (id.isEmpty()) {
            return "no " + name;
        }
        if (id.equalsIgnoreCase(name)) {
            return name + " is the name of its column: is the feed put together of parts?";
        }
        if (SHORTENED.matcher(id).matches()) {
            return name + " is a number that a spreadsheet has shortened: " + id;
        }
        if (id.length() > LONGEST_ID) {
            return name + " is longer than " + LONGEST_ID + " characters";
        }
        if (id.indexOf('\n') >= 0 || id.indexOf('\r') >= 0) {
            return name + " has a line break";
        }
        boolean unpaired = id.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
        if (unpaired || id.indexOf('\0') >= 0) {
            return name + " has a character that no database stores";
        }
        return null;
    }
}
