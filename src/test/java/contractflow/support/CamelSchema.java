package contractflow.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The schema that Camel publishes for its YAML, made to say what this project means by it. */
public final class CamelSchema {

    private static final String EXPRESSION = "org.apache.camel.model.language.ExpressionDefinition";

    private final JsonSchema schema;

    private CamelSchema(JsonNode schema) {
        this.schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4).getSchema(schema);
    }

    /** As published, but a number or a yes-or-no may be a placeholder, which Camel resolves before it converts. */
    public static CamelSchema published() {
        ObjectNode schema = read();
        allowPlaceholders(schema);
        return new CamelSchema(schema);
    }

    /** Without the short forms: each step is an object, and each expression of a step stands under {@code expression}. */
    public static CamelSchema canonical() {
        ObjectNode schema = read();
        ObjectNode definitions = (ObjectNode) schema.at("/items/definitions");
        List<String> languages = new ArrayList<>();
        definitions.get(EXPRESSION).get("properties").fieldNames().forEachRemaining(languages::add);
        definitions.forEach(definition -> {
            withoutText((ObjectNode) definition);
            withoutBareLanguage((ObjectNode) definition, languages);
        });
        ((ObjectNode) schema.at("/items/properties")).retain("beans", "route", "routeConfiguration");
        allowPlaceholders(schema);
        return new CamelSchema(schema);
    }

    public List<String> faults(JsonNode routes) {
        return schema.validate(routes).stream()
                .map(ValidationMessage::getMessage)
                .distinct()
                .limit(5)
                .toList();
    }

    private static ObjectNode read() {
        try (InputStream in = CamelSchema.class.getResourceAsStream("/schema/camelYamlDsl.json")) {
            return (ObjectNode) new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code to: direct:x} is short for {@code to: {uri: direct:x}}. */
    private static void withoutText(ObjectNode definition) {
        JsonNode forms = definition.path("oneOf");
        if (forms.size() == 2 && forms.get(0).path("type").asText().equals("string")) {
            definition.remove("oneOf");
            definition.setAll((ObjectNode) forms.get(1));
        }
    }

    /** {@code setBody: {simple: x}} is short for {@code setBody: {expression: {simple: {expression: x}}}}. */
    private static void withoutBareLanguage(ObjectNode definition, List<String> languages) {
        JsonNode forms = definition.at("/anyOf/0/oneOf");
        if (forms.at("/0/$ref").asText().endsWith(EXPRESSION)) {
            ((ObjectNode) definition.get("properties")).remove(languages);
            ((ArrayNode) forms).remove(0);
            ((ArrayNode) forms).remove(0);
        }
    }

    private static void allowPlaceholders(JsonNode node) {
        node.forEach(CamelSchema::allowPlaceholders);
        if (node instanceof ObjectNode object) {
            // A word of Camel's own, which the validator would warn of.
            object.remove("deprecated");
        }
        String type = node.path("type").asText();
        if (node instanceof ObjectNode object && (type.equals("number") || type.equals("boolean"))) {
            object.remove("type");
            ArrayNode choices = object.putArray("anyOf");
            choices.addObject().put("type", type);
            choices.addObject().put("type", "string").put("pattern", "^\\{\\{.+}}$");
        }
    }
}
