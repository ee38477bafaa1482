package contractflow.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What docs/monitoring says. */
public final class Monitoring {

    public static final Path FOLDER = Path.of("docs/monitoring");

    private static final Pattern NAME = Pattern.compile("\\b(?:contractflow|jvm|process|system)_[a-z_0-9]+");
    private static final Pattern DOCUMENTED = Pattern.compile("(?m)^\\| `(contractflow_[a-z_]+)` \\|.*\\| (.+) \\|$");

    private Monitoring() {}

    /** The queries of the dashboard, with nothing of it left to fill in. */
    public static List<String> dashboardQueries() throws IOException {
        List<String> queries = new ArrayList<>();
        for (JsonNode expression : dashboard().findValues("expr")) {
            queries.add(expression.textValue().replace("$__rate_interval", "5m").replace("$instance", ".*"));
        }
        return queries;
    }

    public static JsonNode dashboard() throws IOException {
        return new ObjectMapper()
                .readTree(FOLDER.resolve("grafana-dashboard.json").toFile());
    }

    public static JsonNode rules() throws IOException {
        return new YAMLMapper().readTree(FOLDER.resolve("prometheus-rules.yml").toFile());
    }

    /** The metrics that the dashboard and the rules ask for. */
    public static Set<String> namesInQueries() throws IOException {
        List<String> queries = dashboardQueries();
        queries.addAll(rules().findValuesAsText("expr"));
        Set<String> names = new TreeSet<>();
        queries.forEach(
                query -> NAME.matcher(query).results().map(MatchResult::group).forEach(names::add));
        return names;
    }

    /** What the README there says that each metric means, by its name. */
    public static Map<String, String> meanings() {
        Map<String, String> meanings = new TreeMap<>();
        DOCUMENTED
                .matcher(RouteFiles.text(FOLDER.resolve("README.md")))
                .results()
                .forEach(row -> meanings.put(row.group(1), row.group(2).replace("`", "")));
        return meanings;
    }
}
