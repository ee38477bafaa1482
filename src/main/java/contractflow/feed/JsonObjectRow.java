package contractflow.feed;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import contractflow.contract.Json;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** A row that is a JSON object. */
final class JsonObjectRow {

    private static final ObjectReader VALUE =
            Json.exact().readerFor(JsonNode.class).without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private JsonObjectRow() {}

    /**
     * The row that a parser is at.
     *
     * @param text the row as it came; null for as it is read
     */
    static FeedRow read(long number, JsonParser parser, String text) throws IOException {
        if (!parser.isExpectedStartObjectToken()) {
            String other =
                    parser.currentToken() == null ? "" : VALUE.readTree(parser).toString();
            return FeedRow.defective(number, text == null ? other : text, "not a JSON object");
        }
        ObjectNode row = Json.exact().createObjectNode();
        String twice = null;
        Map<String, String> keys = new HashMap<>();
        Set<String> ambiguous = new HashSet<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            parser.nextToken();
            JsonNode value = VALUE.readTree(parser);
            String name = FeedRow.columnName(key);
            String before = keys.put(name, key);
            if (before != null) {
                twice = "has " + name + " twice"
                        + (key.equals(before) ? "" : ": \"" + before + "\" and \"" + key + "\"");
                ambiguous.add(name);
                // Neither value is lost.
                name = name + " once more";
            }
            row.set(name, value);
        }
        if (twice == null) {
            return FeedRow.of(number, row);
        }
        String asRead = text == null ? row.toString() : text;
        // An id that is there twice is none.
        row.remove(ambiguous);
        return FeedRow.of(number, row).because(twice, asRead);
    }
}
