package contractflow.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * Endpoints as one URI each. An editor writes {@code direct:x} as the component {@code direct} and the parameter {@code name}, which
 * is the same to Camel.
 */
final class WholeUris {

    /** The parameter of a component that its URI has as its path. */
    private static final Map<String, String> PATHS = Map.of(
            "direct", "name",
            "seda", "name",
            "timer", "timerName",
            "sql", "query",
            "platform-http", "path",
            "http", "httpUri",
            "https", "httpUri");

    private WholeUris() {}

    /** A copy of a part of a file of routes. */
    static JsonNode of(JsonNode written) {
        JsonNode whole = written.deepCopy();
        join(whole);
        return whole;
    }

    private static void join(JsonNode node) {
        if (node instanceof ObjectNode endpoint && node.path("uri").isTextual()) {
            String scheme = node.path("uri").asText();
            String path = PATHS.get(scheme);
            if (path != null && node.path("parameters") instanceof ObjectNode parameters && parameters.has(path)) {
                endpoint.put("uri", scheme + ":" + parameters.remove(path).asText());
            }
        }
        node.forEach(WholeUris::join);
    }
}
