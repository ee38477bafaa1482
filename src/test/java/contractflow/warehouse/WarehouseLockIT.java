package contractflow.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import contractflow.report.ExitCode;
import contractflow.support.ChildProcess;
import contractflow.support.ProcessTest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A command whose table another session has locked waits a moment, then names the lock and its holder in one line. */
@Tag("slow")
class WarehouseLockIT extends ProcessTest {

    private static final String LOCKED = "the warehouse is locked: a statement waits for a lock on [^;]*\\b%s\\b"
            + "[^;]*, held by pid \\d+ \\(postgres, notebook, idle in transaction since \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ\\), for \\d+ s";

    @BeforeEach
    void haveARun() throws Exception {
        environment.put("API_MAX_WAIT", "8s");
        say(ExitCode.ALL_LOADED, "run", feedOf(3));
    }

    @Test
    void commandsThatReadNameTheHolder() throws Exception {
        try (Connection holder = lock("run, dead_letter")) {
            for (String command :
                    new String[] {"runs", "report --last", "contract C-1", "dead-letters list", "dead-letters replay"
                    }) {
                String table = command.startsWith("dead-letters") ? "dead_letter" : "run";
                assertThat(say(ExitCode.COULD_NOT_RUN, command.split(" ")))
                        .as(command)
                        .containsPattern("(?m)^contractflow: " + LOCKED.formatted(table) + "$")
                        .containsOnlyOnce("waits for a lock on");
            }
            holder.rollback();
        }
    }

    @Test
    void checkBlamesTheLockAndNoContract() throws Exception {
        try (Connection holder = lock("contract_enriched")) {
            assertThat(say(ExitCode.COULD_NOT_RUN, "check", feedOf(3)))
                    .containsPattern("(?m)^problem  warehouse  " + LOCKED.formatted("contract_enriched") + "$")
                    .containsOnlyOnce("problem ")
                    .doesNotContain("problem  load", "sql/load-batch.sql");
            holder.rollback();
        }
    }

    @Test
    void runThatCannotBeClosedSaysInItsLastLineThatItWaitedForALock() throws Exception {
        try (Connection holder = lock("run")) {
            String said = say(ExitCode.INCOMPLETE, "run", feedOf(4));
            assertThat(said.strip().lines().reduce((before, last) -> last).orElse(""))
                    .matches("contractflow: " + LOCKED.formatted("run") + "; the next start resumes the run");
            assertThat(said).doesNotContain("is unavailable");
            holder.rollback();
        }
    }

    private Connection lock(String tables) throws Exception {
        Connection holder = DriverManager.getConnection(databaseUrl + "&ApplicationName=notebook");
        holder.setAutoCommit(false);
        try (Statement sql = holder.createStatement()) {
            sql.execute("LOCK TABLE " + tables + " IN ACCESS EXCLUSIVE MODE");
        }
        return holder;
    }

    private String say(int exitCode, String... arguments) throws Exception {
        try (ChildProcess process = start(arguments)) {
            assertThat(process.exitCode()).as(process.output()).isEqualTo(exitCode);
            process.assertFitToRead();
            return process.output();
        }
    }
}
