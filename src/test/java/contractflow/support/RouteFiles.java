package contractflow.support;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files of {@code routes/}, {@code sql/} and the sources, as they are written. */
public final class RouteFiles {

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();

    private RouteFiles() {}

    /**
     * A file of routes.
     *
     * @param written the list of its top-level elements, as they are written
     * @param content the same, with each endpoint as one URI
     */
    public record RouteFile(Path path, String text, JsonNode written, JsonNode content) {

        /** The folder of {@code routes/} that it is in; empty for one on top. */
        public String folder() {
            return path.getNameCount() == 2 ? "" : path.getName(1).toString();
        }

        public boolean isSandbox() {
            return path.startsWith(Path.of("routes", "sandbox"));
        }

        /** The elements of that name at the top of the file, each with the file's name for a message. */
        public List<Part> parts(String kind) {
            List<Part> parts = new ArrayList<>();
            for (JsonNode element : content) {
                if (element.has(kind)) {
                    parts.add(new Part(this, element.get(kind)));
                }
            }
            return parts;
        }

        @Override
        public String toString() {
            return path.toString();
        }
    }

    /** A route or a route configuration. */
    public record Part(RouteFile file, JsonNode node) {

        public String id() {
            return node.path("id").asText();
        }

        /** Everything below it that has that name. */
        public List<JsonNode> all(String name) {
            List<JsonNode> found = new ArrayList<>();
            walk(node, (key, value) -> {
                if (key.equals(name)) {
                    found.add(value);
                }
            });
            return found;
        }

        @Override
        public String toString() {
            return id() + " in " + file;
        }
    }

    public static List<RouteFile> routeFiles() {
        return files("routes", ".camel.yaml").stream()
                .map(path -> new RouteFile(path, text(path), yaml(path), WholeUris.of(yaml(path))))
                .toList();
    }

    public static List<Path> files(String folder, String suffix) {
        try (Stream<Path> files = Files.walk(Path.of(folder))) {
            return files.filter(Files::isRegularFile)
                    .filter(f -> f.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String text(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode yaml(Path path) {
        try {
            return YAML.readTree(path.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Shows every key of every object, however deep, with its value; an element of a list has the key of the list. */
    public static void walk(JsonNode node, BiConsumer<String, JsonNode> visitor) {
        node.properties().forEach(property -> {
            JsonNode value = property.getValue();
            if (value.isArray()) {
                value.forEach(element -> visitor.accept(property.getKey(), element));
            } else {
                visitor.accept(property.getKey(), value);
            }
        });
        node.forEach(child -> walk(child, visitor));
    }

    /** What the first group of a pattern stands for, wherever the pattern occurs. */
    public static List<String> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(match -> match.group(1)).toList();
    }

    /** The whole of each occurrence of a pattern. */
    public static List<String> occurrences(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.results().map(match -> match.group()).toList();
    }
}
