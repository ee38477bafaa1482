package contractflow.process;

import static contractflow.support.FakeApis.contract;
import static contractflow.support.FakeApis.json;
import static org.assertj.core.api.Assertions.assertThat;

import contractflow.report.ExitCode;
import contractflow.support.ChildProcess;
import contractflow.support.Guide;
import contractflow.support.ProcessTest;
import contractflow.support.TestDatabase;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A column of a user's own is what docs/editing-routes.md says it is: what stands there is done here, as it stands there. */
@Tag("slow")
class OwnColumnIT extends ProcessTest {

    @BeforeEach
    void answerWithMoreFields() {
        for (String id : List.of("C-1", "C-2")) {
            apis.netsuite().stubFor(contract(id).willReturn(json("""
                    {"id":"%s","name":"CON","custrecord_contracts_region":{"id":"4","refName":"EMEA"},
                     "custrecord_contracts_signed_on":"2025-12-05","currency":{"id":"1","refName":"USD"}}""".formatted(id))));
        }
    }

    @Test
    void columnsOfTheGuideAreFilled() throws Exception {
        String feed = feedOf(2);
        run(feed);
        assertThat(query("SELECT * FROM contract_enriched"))
                .hasSize(2)
                .allSatisfy(row -> assertThat(row).doesNotContainKey("region"));

        Guide.copy("sql", folder);
        assertThat(Guide.section("docs/editing-routes.md", "## Another column").followIn(folder))
                .hasSize(4);
        run(feed);

        assertThat(query("SELECT region, signed_on, currency, usage_value, run_id FROM contract_enriched"))
                .hasSize(2)
                .containsOnly(Map.of(
                        "region",
                        "EMEA",
                        "signed_on",
                        Date.valueOf("2025-12-05"),
                        "currency",
                        "USD",
                        "usage_value",
                        new BigDecimal("12345.5"),
                        "run_id",
                        2L));

        run(feed);
        assertThat(query("SELECT unchanged FROM run WHERE run_id = 3")).containsExactly(Map.of("unchanged", 2L));
        // A row that differs in nothing else is written again.
        TestDatabase.query(
                databaseUrl, "UPDATE contract_enriched SET signed_on = NULL WHERE contract_id = 'C-1' RETURNING 1");
        run(feed);
        assertThat(query("SELECT loaded, unchanged FROM run WHERE run_id = 4"))
                .containsExactly(Map.of("loaded", 1L, "unchanged", 1L));
    }

    @Test
    void migrationThatFailsIsNamed() throws Exception {
        migration("V1__region.sql", "ALTER TABLE contracts ADD COLUMN region text;");

        assertThat(cannotRun()).contains("V1__region.sql: ERROR: relation \"contracts\" does not exist");
    }

    @Test
    void migrationWithoutAProperNameIsNamed() throws Exception {
        migration("V1_region.sql", "ALTER TABLE contract_enriched ADD COLUMN region text;");

        assertThat(cannotRun()).contains("V1_region.sql");
    }

    private void migration(String name, String sql) throws IOException {
        Path migrations = Files.createDirectories(folder.resolve("migrations"));
        Files.writeString(migrations.resolve(name), sql);
    }

    private void run(String feed) throws Exception {
        try (ChildProcess process = start("run", feed)) {
            assertThat(process.exitCode()).as(process.output()).isZero();
            process.assertFitToRead();
        }
    }

    private String cannotRun() throws Exception {
        try (ChildProcess process = start("run", feedOf(1))) {
            assertThat(process.exitCode()).as(process.output()).isEqualTo(ExitCode.COULD_NOT_RUN);
            process.assertFitToRead();
            return process.output();
        }
    }
}
