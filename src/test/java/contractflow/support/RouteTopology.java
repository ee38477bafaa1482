package contractflow.support;

import com.fasterxml.jackson.databind.JsonNode;
import contractflow.support.RouteFiles.Part;
import contractflow.support.RouteFiles.RouteFile;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which routes hand a message to which, and to which API. */
public final class RouteTopology {

    private static final Pattern INTERNAL = Pattern.compile("^(direct|seda):[a-z-]+$");
    private static final Pattern API = Pattern.compile("^(?:https?:)?\\{\\{([a-z]+)[.].*url}}");

    private final Map<String, Part> routes = new LinkedHashMap<>();
    private final Map<String, String> consumers = new LinkedHashMap<>();
    private final Map<String, Part> configurations = new LinkedHashMap<>();

    /**
     * @param to id of a route, or the name of an API
     * @param waits whether the message goes on when that has answered
     */
    public record Edge(String from, String to, boolean waits) {}

    public RouteTopology(List<RouteFile> files) {
        for (RouteFile file : files) {
            file.parts("route").forEach(route -> {
                routes.put(route.id(), route);
                consumers.put(consumer(route), route.id());
            });
            file.parts("routeConfiguration")
                    .forEach(configuration -> configurations.put(configuration.id(), configuration));
        }
    }

    public static String consumer(Part route) {
        return route.node().at("/from/uri").asText();
    }

    public Part route(String id) {
        return routes.get(id);
    }

    /** From that route, in the order of its steps, then of the configurations that it names. */
    public Set<Edge> edges(String id) {
        Part route = routes.get(id);
        Set<Edge> edges = new LinkedHashSet<>();
        if (route != null) {
            find(id, route.node().at("/from/steps"), true, edges);
            for (String name :
                    route.node().path("routeConfigurationId").asText().split(",")) {
                if (configurations.containsKey(name)) {
                    find(id, configurations.get(name).node(), true, edges);
                }
            }
        }
        return edges;
    }

    private void find(String from, JsonNode node, boolean waits, Set<Edge> edges) {
        if (node.isTextual()) {
            Matcher api = API.matcher(node.asText());
            if (INTERNAL.matcher(node.asText()).matches()) {
                edges.add(new Edge(
                        from,
                        consumers.get(node.asText()),
                        waits && !node.asText().startsWith("seda:")));
            } else if (api.find()) {
                edges.add(new Edge(from, api.group(1), waits));
            }
        }
        node.properties().forEach(child -> {
            if (!child.getKey().equals("description") && !child.getKey().equals("note")) {
                find(from, child.getValue(), waits && !child.getKey().equals("wireTap"), edges);
            }
        });
        if (node.isArray()) {
            node.forEach(element -> find(from, element, waits, edges));
        }
    }

    /** All that a message at that route may come to, the nearest first. */
    public List<Edge> reachable(String start) {
        List<Edge> found = new ArrayList<>();
        Set<String> seen = new LinkedHashSet<>(Set.of(start));
        Queue<String> next = new ArrayDeque<>(seen);
        while (!next.isEmpty()) {
            for (Edge edge : edges(next.remove())) {
                found.add(edge);
                if (seen.add(edge.to())) {
                    next.add(edge.to());
                }
            }
        }
        return found;
    }
}
