package contractflow.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import contractflow.contract.Json;
import contractflow.support.ChildProcess;
import contractflow.support.Guide;
import contractflow.support.ProcessTest;
import jakarta.mail.internet.MimeMessage;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An alert by mail is what docs/editing-routes.md says it is. */
class MailIT extends ProcessTest {

    private final GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", "smtp"));

    @BeforeEach
    void doAsTheGuideSays() throws Exception {
        for (String name : List.of("routes", "sql", "application.properties")) {
            Guide.copy(name, folder);
        }
        Guide.section("docs/editing-routes.md", "## An alert by mail").followIn(folder);
        server.start();
        environment.put("MAIL_PORT", String.valueOf(server.getSmtp().getPort()));
    }

    @AfterEach
    void stopServer() {
        server.stop();
    }

    @Test
    void runWithDeadLetters_isAMail() throws Exception {
        String feed = feed("contracts.csv", "contract_id,customer_id\nC-1,K-1\nC-2,\n");

        try (ChildProcess process = start("run", feed)) {
            assertThat(process.exitCode()).isEqualTo(ExitCode.DEAD_LETTERS);
        }

        assertThat(server.getReceivedMessages()).hasSize(1);
        MimeMessage mail = server.getReceivedMessages()[0];
        assertThat(mail.getSubject())
                .isEqualTo("Run 1 of contracts.csv is complete; of 2 rows, 1 are dead letters and 0 are pending.");
        assertThat(mail.getFrom()[0].toString()).isEqualTo("contractflow@example.com");
        assertThat(mail.getAllRecipients()[0].toString()).isEqualTo("night@example.com");
        JsonNode alert = Json.exact().readTree(mail.getContent().toString());
        assertThat(alert.get("exit_code").asInt()).isEqualTo(2);
    }
}
