package contractflow.failure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.PropertyBindingException;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** A mistake in a file of routes. Camel's own words have the values of settings, which may be secrets, and leave the file out. */
final class RouteFault {

    private static final String FILE = "Error pre-parsing resource: ";
    private static final String BEAN = "Error creating bean: ";

    private RouteFault() {}

    /** What is wrong and where, in one line; nothing where something else has failed. */
    static Optional<String> describe(Throwable failure) {
        String where = "";
        for (Throwable t = failure; t != null; t = t.getCause()) {
            String message = String.valueOf(t.getMessage());
            if (t instanceof MarkedYamlEngineException yaml) {
                return Optional.of(yaml.getProblemMark().map(RouteFault::line).orElse(where) + yaml.getProblem());
            }
            if (t instanceof FailedToCreateRouteException route) {
                return Optional.of(place(route.getRouteId()) + root(route));
            }
            if (t instanceof FailedToStartRouteException route) {
                return Optional.of(place(route.getRouteId()) + root(route));
            }
            if (t instanceof PropertyBindingException property && !where.isEmpty()) {
                return Optional.of(where + "cannot set " + property.getPropertyName()
                        + ": there is no such property, or it takes" + " no such value");
            }
            if (message.startsWith(FILE)) {
                where = message.substring(FILE.length()).replaceFirst("^file:", "") + ": ";
            } else if (message.startsWith(BEAN)) {
                where += "bean " + message.substring(BEAN.length()).replaceFirst(" of type: .*", "") + ": ";
            }
        }
        return where.isEmpty() ? Optional.empty() : Optional.of(where + root(failure));
    }

    private static String line(Mark mark) {
        return mark.getName().replaceFirst("^file:", "") + ", line " + (mark.getLine() + 1) + ": ";
    }

    /** Where the route begins, where it is one of the folder. */
    private static String place(String route) {
        try (Stream<Path> files = Files.walk(Path.of("routes"))) {
            for (Path file : (Iterable<Path>) files.filter(f -> f.toString().endsWith(".camel.yaml"))::iterator) {
                int line = Files.readAllLines(file).indexOf("    id: " + route);
                if (line >= 0) {
                    return file + ", line " + (line + 1) + ", route " + route + ": ";
                }
            }
        } catch (IOException | UncheckedIOException e) {
            // Then its name has to do.
        }
        return "route " + route + ": ";
    }

    private static String root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String said = root instanceof ClassNotFoundException
                ? "there is no class " + root.getMessage()
                : String.valueOf(root.getMessage());
        return said.lines()
                .findFirst()
                .orElse("")
                .replaceAll("=[^=,&}\\]\\s\\[{]+", "=…")
                .replaceFirst(" from text: .*", "");
    }
}
