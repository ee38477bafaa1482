package contractflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a user reads is written in the words of docs/glossary.md. */
class WordsTest {

    private static final String GLOSSARY = "docs/glossary.md";

    /** The part of a line that a user reads, by the kind of file. */
    private static final Pattern LITERAL = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");

    private static final Pattern SAID_BY_ROUTE = Pattern.compile("(?:description|message): .*");
    private static final Pattern LINE = Pattern.compile(".*");

    @Test
    void forbiddenWords_areInNoTextThatAUserReads() {
        Pattern forbidden = forbidden();
        List<String> found = new ArrayList<>();
        look(Path.of("README.md"), LINE, forbidden, found);
        Stream.of("docs", "application.properties", "application-sandbox.properties", "application-dev.properties")
                .flatMap(folder -> RouteFiles.files(folder, "").stream())
                .filter(file -> file.toString().matches(".*[.](md|properties|ya?ml|service|timer|env)"))
                // Decisions are a record, and the glossary has the words to forbid them.
                .filter(file -> !file.startsWith("docs/decisions") && !file.equals(Path.of(GLOSSARY)))
                .forEach(file -> look(file, LINE, forbidden, found));
        RouteFiles.files("src/main/java", ".java").forEach(file -> look(file, LITERAL, forbidden, found));
        RouteFiles.files("src/main/resources/page", "").forEach(file -> look(file, LINE, forbidden, found));
        RouteFiles.files("src/main/resources/report", "").forEach(file -> look(file, LINE, forbidden, found));
        RouteFiles.files("routes", ".camel.yaml").forEach(file -> look(file, SAID_BY_ROUTE, forbidden, found));

        assertThat(found).isEmpty();
    }

    @Test
    void glossary_namesWhatIsForbidden() {
        assertThat(forbidden().matcher("Nobody knows").find()).isTrue();
        assertThat(forbidden().matcher("the API seems away").find()).isTrue();
        assertThat(forbidden().matcher("somebody's").find()).isTrue();
        assertThat(forbidden().matcher("an anybody").find()).isFalse();
    }

    /** The words in {@code code} of the first column of the glossary's last table. */
    private static Pattern forbidden() {
        String rows = RouteFiles.text(Path.of(GLOSSARY)).replaceFirst("(?s).*## Words that we do not use", "");
        String words = rows.lines()
                .filter(line -> line.startsWith("| `"))
                .flatMap(line -> Pattern.compile("`([^`]+)`").matcher(line.substring(0, line.indexOf('|', 1))).results())
                .map(word -> Pattern.quote(word.group(1)))
                .collect(Collectors.joining("|"));
        assertThat(words).isNotEmpty();
        return Pattern.compile("\\b(" + words + ")\\b", Pattern.CASE_INSENSITIVE);
    }

    private static void look(Path file, Pattern part, Pattern forbidden, List<String> found) {
        List<String> lines = RouteFiles.text(file).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            int number = i + 1;
            part.matcher(line).results()
                    .filter(said -> forbidden.matcher(said.group()).find())
                    .forEach(said -> found.add(file + ":" + number + ": " + line.strip()));
        }
    }
}
