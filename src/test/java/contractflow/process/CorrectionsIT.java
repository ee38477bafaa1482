package contractflow.process;

import static contractflow.support.FakeApis.customer;
import static contractflow.support.FakeApis.usageProblem;
import static org.assertj.core.api.Assertions.assertThat;

import contractflow.report.ExitCode;
import contractflow.support.ChildProcess;
import contractflow.support.ProcessTest;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A dead letter is corrected, or exported, corrected and run again. */
@Tag("slow")
class CorrectionsIT extends ProcessTest {

    private String ended(int expected, String... arguments) throws Exception {
        try (ChildProcess process = start(arguments)) {
            assertThat(process.exitCode()).as(process.output()).isEqualTo(expected);
            return process.output();
        }
    }

    private String export() throws Exception {
        try (ChildProcess process = start("dead-letters", "export", "--csv")) {
            assertThat(process.exitCode()).isEqualTo(ExitCode.ALL_LOADED);
            return process.standardOutput();
        }
    }

    @Test
    void deadLetter_isReplayedWithTheRowThatAPersonHasCorrected() throws Exception {
        apis.usage().stubFor(customer("K-9").willReturn(usageProblem(404, "customer not found")));
        ended(
                ExitCode.DEAD_LETTERS,
                "run",
                feed("contracts.csv", "contract_id,customer_id,note\nC-1,K-9,a\nC-2,K-2,b\n,K-3,c\n"));
        assertThat(query("SELECT contract_id, stage FROM dead_letter ORDER BY dead_letter_id"))
                .hasSize(2);
        long id = ((Number) query("SELECT dead_letter_id FROM dead_letter WHERE stage = 'usage'")
                        .get(0)
                        .get("dead_letter_id"))
                .longValue();
        String letter = String.valueOf(id);

        assertThat(ended(ExitCode.COULD_NOT_RUN, "dead-letters", "edit", letter, "--set", "customer=K-2"))
                .contains("the row has no field customer; it has contract_id, customer_id, note");
        assertThat(ended(ExitCode.COULD_NOT_RUN, "dead-letters", "edit", letter, "--set", "contract_id=C-7"))
                .contains("contract_id is what the run accounts for");
        assertThat(ended(ExitCode.COULD_NOT_RUN, "dead-letters", "edit", letter, "--set", "customer_id= "))
                .contains("customer_id must be an id");
        assertThat(ended(ExitCode.COULD_NOT_RUN, "dead-letters", "edit", "999", "--set", "customer_id=K-2"))
                .contains("there is no dead letter 999");
        long malformed = ((Number) query("SELECT dead_letter_id FROM dead_letter WHERE stage = 'feed'")
                        .get(0)
                        .get("dead_letter_id"))
                .longValue();
        assertThat(ended(ExitCode.COULD_NOT_RUN, "dead-letters", "edit", "" + malformed, "--set", "contract_id=C-3"))
                .contains("is a row that could not be read, which no replay takes");

        assertThat(ended(
                        ExitCode.ALL_LOADED,
                        "dead-letters",
                        "edit",
                        letter,
                        "--set",
                        "customer_id=K-2",
                        "--set",
                        "note=x'); DROP TABLE run; --",
                        "--by",
                        "Ada"))
                .contains("customer_id: K-9 is now K-2", "note: a is now x'); DROP TABLE run; --");
        assertThat(ended(ExitCode.ALL_LOADED, "contract", "C-1"))
                .contains("edited by Ada, ")
                .contains("\"customer_id\": \"K-9\"");
        ended(ExitCode.ALL_LOADED, "dead-letters", "replay");

        assertThat(query("SELECT customer_id FROM contract_enriched WHERE contract_id = 'C-1'"))
                .containsExactly(Map.of("customer_id", "K-2"));
        assertThat(query("SELECT status, edited_by, original_row ->> 'customer_id' AS was, row ->> 'customer_id' AS is"
                        + " FROM dead_letter WHERE dead_letter_id = " + id))
                .containsExactly(Map.of("status", "replayed", "edited_by", "Ada", "was", "K-9", "is", "K-2"));
        assertThat(ended(ExitCode.COULD_NOT_RUN, "dead-letters", "edit", letter, "--set", "customer_id=K-3"))
                .contains("dead letter " + id + " is replayed, and only open ones are replayed");
    }

    @Test
    void exportedDeadLetters_areAFeedThatClosesThem() throws Exception {
        apis.usage().stubFor(customer("K-9").willReturn(usageProblem(404, "customer not found")));
        ended(
                ExitCode.DEAD_LETTERS,
                "run",
                feed(
                        "contracts.csv",
                        "contract_id,customer_id,note\n007,K-9,\"a, \"\"b\"\"\nsecond line \u00fc\"\nC-2,K-2,b\nC-3,,no customer\n"));

        String exported = export();

        assertThat(exported)
                .isEqualTo(
                        "contract_id,customer_id,note\nC-3,,no customer\n007,K-9,\"a, \"\"b\"\"\nsecond line \u00fc\"\n");
        ended(
                ExitCode.ALL_LOADED,
                "run",
                feed("corrections.csv", exported.replace("K-9", "K-1").replace("C-3,,", "C-3,K-3,")));
        assertThat(query("SELECT contract_id, customer_id FROM contract_enriched ORDER BY contract_id"))
                .containsExactly(
                        Map.of("contract_id", "007", "customer_id", "K-1"),
                        Map.of("contract_id", "C-2", "customer_id", "K-2"),
                        Map.of("contract_id", "C-3", "customer_id", "K-3"));
        assertThat(query("SELECT count(*) AS open FROM dead_letter WHERE status = 'open'"))
                .containsExactly(Map.of("open", 0L));
    }
}
