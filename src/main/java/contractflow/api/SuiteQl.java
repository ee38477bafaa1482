package contractflow.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;

/** A query of a file that users edit, as NetSuite wants it: without parameters, and without the lines that begin with --. */
public final class SuiteQl {

    private final String text;

    /**
     * @param file what stands in the file
     */
    public SuiteQl(String file) {
        text = file.lines()
                .filter(line -> !line.strip().startsWith("--"))
                .collect(Collectors.joining("\n"))
                .strip();
    }

    public boolean has(String parameter) {
        return text.contains(parameter);
    }

    /**
     * The body of the request.
     *
     * @param parameter that stands in the text, such as :after
     * @param numbers what takes its place: a whole number, or several with commas between them, and never anything else
     */
    public JsonNode request(String parameter, String numbers, CamelContext camel) {
        if (!numbers.matches("\\d+(,\\d+)*")) {
            throw new IllegalArgumentException("only whole numbers become part of a query");
        }
        String query = camel.resolvePropertyPlaceholders(text).replace(parameter, numbers);
        return JsonNodeFactory.instance.objectNode().put("q", query);
    }
}
