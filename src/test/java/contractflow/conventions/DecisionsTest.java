package contractflow.conventions;

import static org.assertj.core.api.Assertions.assertThat;

import contractflow.support.RouteFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Each decision has the form that docs/decisions/README.md describes, and a line there. */
class DecisionsTest {

    private static final String FOLDER = "docs/decisions";
    private static final Pattern HEAD = Pattern.compile(
            "# (\\d+)\\. (.+)\n\nStatus: (accepted|superseded by \\d+)\\. Date: (\\d{4}-\\d{2}-\\d{2})\\.\n\n(?s:.*)");

    private static final List<Path> DECISIONS = RouteFiles.files(FOLDER, ".md").stream()
            .filter(file -> !file.endsWith("README.md"))
            .sorted()
            .toList();

    @Test
    void index_namesEachDecisionWithItsStatusAndDate() {
        List<String> rows = RouteFiles.text(Path.of(FOLDER, "README.md"))
                .lines()
                .filter(line -> line.startsWith("| ") && line.contains("](0"))
                .toList();

        assertThat(rows)
                .containsExactlyElementsOf(
                        DECISIONS.stream().map(DecisionsTest::row).toList());
    }

    @Test
    void decision_saysItsContextItsAlternativesAndItsConsequences() {
        assertThat(DECISIONS)
                .isNotEmpty()
                .allSatisfy(file -> assertThat(RouteFiles.text(file))
                        .containsSubsequence(
                                "**Context.** ", "**Decision.** ", "**Alternatives.** ", "**Consequences.** "));
    }

    private static String row(Path file) {
        MatchResult head = HEAD.matcher(RouteFiles.text(file))
                .results()
                .findFirst()
                .orElseThrow(
                        () -> new AssertionError(file + " does not begin with its number, title, status and date"));
        String name = file.getFileName().toString();
        assertThat(name).startsWith("%04d-".formatted(Integer.parseInt(head.group(1))));
        return "| %s | [%s](%s) | %s | %s |"
                .formatted(head.group(1), head.group(2), name, head.group(3), head.group(4));
    }
}
