package contractflow.contract;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * How this process reads and writes JSON: numbers exactly as they came, and nothing that a database driver could stumble
 * over.
 */
public final class Json {

    /** Deeper than any answer that was seen, and shallow enough to be written again as part of a batch. */
    private static final int DEEPEST = 500;

    /** PostgreSQL writes a number out in full; its longest numeric has some 147,000 digits. */
    private static final int LONGEST_NUMBER = 200_000;

    private static final JsonFactory BOUNDED = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxNumberLength(LONGEST_NUMBER)
                    .build())
            .build();

    private static final ObjectMapper EXACT = JsonMapper.builder(BOUNDED)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            // A lone surrogate or a NUL travels as an escape, so that PostgreSQL is the one that judges it.
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();

    private Json() {}

    /** JSON that was written by this process or by PostgreSQL. */
    public static JsonNode read(String json) {
        try {
            return EXACT.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("PostgreSQL gives out valid JSON", e);
        }
    }

    /** JSON as it goes to the database. */
    public static String write(JsonNode json) {
        try {
            return EXACT.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of JSON can be written", e);
        }
    }

    /** The one mapper, for the routes' {@code json} data format and for the feed. */
    public static ObjectMapper exact() {
        return EXACT;
    }
}
