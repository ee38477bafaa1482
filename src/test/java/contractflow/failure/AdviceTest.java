package contractflow.failure;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the status page says to do is what the runbook says. */
class AdviceTest {

    private final JsonNode advice = read();

    @Test
    void runbookHasTheSentencesOfThePage() throws Exception {
        List<String> sentences = new ArrayList<>();
        advice.get("runs")
                .forEach(run -> sentences.add("| `" + run.get("status").asText() + "`, "
                        + run.get("says").asText() + " | " + run.get("do").asText() + " |"));
        advice.get("dead_letters")
                .forEach(known -> sentences.add("| "
                        + texts(known.get("stages"))
                                .map(stage -> "`" + stage + "`")
                                .collect(Collectors.joining(", ")) + " | "
                        + texts(known.get("reasons")).collect(Collectors.joining(", ")) + " | "
                        + known.get("do").asText() + " |"));

        assertThat(Files.readAllLines(Path.of("docs", "runbook.md")).stream()
                        .filter(line -> line.matches("[|] `(incomplete|failed|feed|netsuite|usage|load)`[^|]*[|].*"))
                        .filter(line -> !line.startsWith("| `netsuite`, `usage` | calls,")))
                .containsExactlyElementsOf(sentences);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "incomplete | netsuite has been unavailable for more than 900 s: connection refused | If it is back",
                "incomplete | netsuite's token endpoint answered 400 invalid_grant; check netsuite.oauth.certificate-id | No token",
                "incomplete | usage answered 401: unknown token | The credentials",
                "incomplete | netsuite.oauth.private-key-file: no such file | The key file",
                "incomplete | the certificate of api.example is not accepted: expired | If a CA",
                "incomplete | 60 of 100 rows are dead letters, more than 50 % | The records",
                "incomplete | the deadline of 2026-11-24T06:00:00Z has come | Start again",
                "incomplete | stopped | Start again",
                "incomplete | ERROR: permission denied for table run_contract | The database refuses",
                "failed | not accounted for: C-1, C-2 | A defect",
                "failed | row 1 has no contract_id | The feed cannot be read",
            })
    void runFindsItsSentence(String status, String reason, String sentence) {
        for (JsonNode known : advice.get("runs")) {
            if (known.get("status").asText().equals(status)
                    && Pattern.compile(known.get("match").asText())
                            .matcher(reason)
                            .find()) {
                assertThat(known.get("do").asText()).startsWith(sentence);
                return;
            }
        }
        throw new AssertionError("no sentence");
    }

    private static Stream<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts.stream();
    }

    private static JsonNode read() {
        try (InputStream in = AdviceTest.class.getResourceAsStream("/page/advice.json")) {
            return new ObjectMapper().readTree(in);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
