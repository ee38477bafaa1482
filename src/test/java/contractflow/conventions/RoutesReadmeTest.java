package contractflow.conventions;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import contractflow.support.RouteFiles;
import contractflow.support.RouteFiles.Part;
import contractflow.support.RouteFiles.RouteFile;
import contractflow.support.RouteTopology;
import contractflow.support.RouteTopology.Edge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** {@code routes/README.md} says what the routes are. {@code -Droutes.write=true} writes it. */
class RoutesReadmeTest {

    private static final Path README = Path.of("routes/README.md");

    private static final String HEADER = """
            # Routes

            <!-- Generated from the routes by RoutesReadmeTest: edit their descriptions. -->

            A route is a step of the work that has a name. A folder is loaded when the process needs it:

            | folder | loaded |
            |---|---|
            | this one, `run/`, `feed/`, `api/`, `failure/`, `report/` | for every run, replay, fetch and check, and by the service |
            | `commands/` | likewise, and alone by what asks only the database: `runs`, `report`, `contract`, `dead-letters list` |
            | `check/` | by `check` |
            | `service/`, `page/` | by the service |
            | `sandbox/` | with `--profile sandbox`; a folder of a profile of yours is loaded the same way |

            `defaults.camel.yaml` holds for all routes. Routes of your own lie beside it:
            [docs/editing-routes.md](../docs/editing-routes.md) shows how.
            """;

    @Test
    void readmeIsThatOfTheRoutes() throws IOException {
        String generated = readme(RouteFiles.routeFiles());
        if (Boolean.getBoolean("routes.write")) {
            Files.writeString(README, generated);
        }

        assertThat(Files.readString(README))
                .as(
                        "%s is generated from the routes: mvn test -Dtest=RoutesReadmeTest with -Droutes.write=true writes it",
                        README)
                .isEqualTo(generated);
    }

    private static String readme(List<RouteFile> files) {
        RouteTopology topology = new RouteTopology(files);
        StringBuilder text = new StringBuilder(HEADER);
        text.append(
                "\n## From a feed to the warehouse\n\nA box is a route, a frame its group, a dotted arrow a queue.\n\n");
        text.append(picture(topology, "run-feed"));
        Map<String, List<RouteFile>> folders = new TreeMap<>();
        files.forEach(file -> folders.computeIfAbsent(file.folder(), folder -> new ArrayList<>())
                .add(file));
        folders.forEach((folder, inFolder) -> {
            if (inFolder.stream().anyMatch(file -> !file.parts("route").isEmpty())) {
                text.append("\n## ")
                        .append(folder.isEmpty() ? "On top" : folder + "/")
                        .append("\n");
                inFolder.forEach(file -> text.append(section(topology, file)));
            }
        });
        return text.toString();
    }

    private static String picture(RouteTopology topology, String start) {
        List<Edge> edges = topology.reachable(start);
        Map<String, Set<String>> groups = new TreeMap<>();
        Set<String> apis = new TreeSet<>();
        groups.computeIfAbsent(group(topology.route(start)), group -> new TreeSet<>())
                .add(start);
        for (Edge edge : edges) {
            Part route = topology.route(edge.to());
            if (route == null) {
                apis.add(edge.to());
            } else {
                groups.computeIfAbsent(group(route), group -> new TreeSet<>()).add(edge.to());
            }
        }
        StringBuilder mermaid = new StringBuilder("```mermaid\nflowchart LR\n");
        groups.forEach((group, routes) -> {
            mermaid.append("  subgraph ").append(group).append("\n");
            routes.forEach(route -> mermaid.append("    ")
                    .append(node(route))
                    .append("[")
                    .append(route)
                    .append("]\n"));
            mermaid.append("  end\n");
        });
        apis.forEach(api ->
                mermaid.append("  ").append(node(api)).append("([").append(api).append(" API])\n"));
        edges.forEach(edge -> mermaid.append("  ")
                .append(node(edge.from()))
                .append(edge.waits() ? " --> " : " -.-> ")
                .append(node(edge.to()))
                .append("\n"));
        return mermaid.append("```\n").toString();
    }

    private static String group(Part route) {
        return route.node().path("group").asText();
    }

    /** Not the bare name, since Mermaid has words of its own. */
    private static String node(String name) {
        return "_" + name.replace('-', '_');
    }

    private static String section(RouteTopology topology, RouteFile file) {
        List<Part> routes = file.parts("route");
        if (routes.isEmpty()) {
            return "";
        }
        Path folder = Path.of("routes");
        String name = folder.relativize(file.path()).toString();
        return "\n[`" + name.substring(name.indexOf('/') + 1).replace(".camel.yaml", "") + "`](" + name + "): "
                + file.text().lines().findFirst().orElse("").replaceFirst("^# ", "") + "\n\n"
                + "| route | does | calls |\n|---|---|---|\n"
                + routes.stream().map(route -> line(topology, route)).collect(joining());
    }

    private static String line(RouteTopology topology, Part route) {
        String consumer = RouteTopology.consumer(route);
        String calls = topology.edges(route.id()).stream()
                .map(Edge::to)
                .distinct()
                .map(to -> "`" + to + "`")
                .collect(joining(", "));
        String begin =
                consumer.startsWith("direct:") || consumer.equals("timer:" + route.id()) ? "" : ", `" + consumer + "`";
        return "| `" + route.id() + "`" + begin + " | "
                + route.node().path("description").asText() + " | " + calls + " |\n";
    }
}
