package contractflow.conventions;

import static org.assertj.core.api.Assertions.assertThat;

import contractflow.support.RouteFiles;
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
    private static final Pattern COMMENT = Pattern.compile("^\\s*(?:/?\\*|//).*");
    private static final Pattern LINE = Pattern.compile(".*");

    /** Words of the glossary that are forbidden in one meaning, by what stands around them in that meaning. */
    private static final String IN_ONE_MEANING = String.join(
            "|",
            // The noun; "in turn" and "turns it off" are fine.
            "(?:'s|\\b(?:an?|its|their|the|your|each|next|of)) turns?\\b",
            "(?<!quality )\\bgates?\\b",
            // Not those of an alphabet.
            "(?:>|\\b(?:the|its|these|those|their|open|all|any|no|of|\\d+|which|how many) )letters\\b(?!,? (?:and |or )?digits)",
            // "Told apart" and "told from" are fine.
            "\\b(?:tells?|told)\\b(?! (?:\\S+ ){0,6}?(?:from|apart)\\b)");

    @Test
    void forbiddenWords_areInNoTextThatAUserReads() {
        Pattern forbidden = forbidden();
        List<String> found = new ArrayList<>();
        look(Path.of("README.md"), LINE, forbidden, found);
        Stream.of("docs", "application.properties", "application-sandbox.properties", "application-dev.properties")
                .flatMap(folder -> RouteFiles.files(folder, "").stream())
                .filter(file -> file.toString().matches(".*[.](md|properties|ya?ml|service|timer|env)"))
                // The glossary has the words, to forbid them.
                .filter(file -> !file.equals(Path.of(GLOSSARY)))
                .forEach(file -> look(file, LINE, forbidden, found));
        RouteFiles.files("src/main/java", ".java").forEach(file -> look(file, LITERAL, forbidden, found));
        RouteFiles.files("src/main/resources/page", "").forEach(file -> look(file, LINE, forbidden, found));
        RouteFiles.files("src/main/resources/report", "").forEach(file -> look(file, LINE, forbidden, found));
        RouteFiles.files("routes", ".camel.yaml").forEach(file -> look(file, SAID_BY_ROUTE, forbidden, found));

        assertThat(found).isEmpty();
    }

    /** Comments and names: what a developer reads. The words with two meanings are left to the reader there. */
    @Test
    void forbiddenWords_areInNoCodeThatADeveloperReads() {
        Pattern forbidden = Pattern.compile("\\b(" + words() + ")\\b", Pattern.CASE_INSENSITIVE);
        List<String> found = new ArrayList<>();
        Stream.of("src/main/java", "src/test/java")
                .flatMap(folder -> RouteFiles.files(folder, ".java").stream())
                .filter(file -> !file.endsWith("WordsTest.java"))
                .forEach(file -> look(file, COMMENT, forbidden, found));
        RouteFiles.files("routes", ".camel.yaml").forEach(file -> look(file, LINE, forbidden, found));
        RouteFiles.files("sql", ".sql").forEach(file -> look(file, LINE, forbidden, found));

        assertThat(found).isEmpty();
    }

    @Test
    void glossary_namesWhatIsForbidden() {
        assertThat(forbidden().matcher("Nobody knows").find()).isTrue();
        assertThat(forbidden().matcher("the API seems away").find()).isTrue();
        assertThat(forbidden().matcher("somebody's").find()).isTrue();
        assertThat(forbidden().matcher("an anybody").find()).isFalse();
    }

    @Test
    void wordsWithTwoMeanings_areForbiddenInOne() {
        assertThat(List.of(
                        "when it is this call's turn",
                        "each waits for its turn",
                        "Takes a turn of the API",
                        "held up at the gate",
                        "the gates of NetSuite",
                        "the letters that are not loaded",
                        "35 letters are open",
                        "<th>letters<th>",
                        "Tell how a run went on",
                        "The APIs are not told.",
                        "the report tells why"))
                .allMatch(said -> forbidden().matcher(said).find());
        assertThat(List.of(
                        "no setting turns that off",
                        "which in turn asks NetSuite",
                        "the page of a gateway",
                        "a name of letters, digits, _",
                        "of that name in small letters",
                        "35 dead letters",
                        "the dead letters of a run",
                        "cannot be told from the wrong record",
                        "Tell an answer of the API from an outage",
                        "told apart by a number"))
                .noneMatch(said -> forbidden().matcher(said).find());
    }

    private static Pattern forbidden() {
        return Pattern.compile("\\b(" + words() + ")\\b|" + IN_ONE_MEANING, Pattern.CASE_INSENSITIVE);
    }

    /** The words in {@code code} of the first column of the glossary's last table. */
    private static String words() {
        String rows = RouteFiles.text(Path.of(GLOSSARY)).replaceFirst("(?s).*## Words that we do not use", "");
        String words = rows.lines()
                .filter(line -> line.startsWith("| `"))
                .flatMap(line -> Pattern.compile("`([^`]+)`")
                        .matcher(line.substring(0, line.indexOf('|', 1)))
                        .results())
                .map(word -> Pattern.quote(word.group(1)))
                .collect(Collectors.joining("|"));
        assertThat(words).isNotEmpty();
        return words;
    }

    private static void look(Path file, Pattern part, Pattern forbidden, List<String> found) {
        List<String> lines = RouteFiles.text(file).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            int number = i + 1;
            part.matcher(line)
                    .results()
                    .filter(said -> forbidden.matcher(said.group()).find())
                    .forEach(said -> found.add(file + ":" + number + ": " + line.strip()));
        }
    }
}
