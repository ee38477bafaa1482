package contractflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard and the alerts of docs/monitoring can be used as they are. */
class MonitoringTest {

    @Test
    void rulesFireWhenTheyShould() throws Exception {
        assertAccepted("check", "rules", Monitoring.FOLDER.resolve("prometheus-rules.yml").toString());
        assertAccepted("test", "rules", Monitoring.FOLDER.resolve("prometheus-rules-test.yml").toString());
    }

    @Test
    void everyAlertIsTestedAndSaysWhatToDo() throws Exception {
        String tests = RouteFiles.text(Monitoring.FOLDER.resolve("prometheus-rules-test.yml"));

        assertThat(Monitoring.rules().at("/groups/0/rules")).isNotEmpty().allSatisfy(rule -> {
            assertThat(tests).contains("alertname=\"" + rule.path("alert").asText() + "\"");
            assertThat(rule.at("/labels/severity").asText()).as("%s", rule).isIn("warning", "critical");
            assertThat(rule.at("/annotations/summary").asText()).as("%s", rule).isNotBlank();
            assertThat(rule.at("/annotations/description").asText()).as("%s", rule).isNotBlank();
        });
    }

    @Test
    void everyPanelAsksTheChosenPrometheus() throws Exception {
        JsonNode dashboard = Monitoring.dashboard();

        assertThat(dashboard.at("/templating/list")).extracting(variable -> variable.path("name").asText())
                .containsExactly("datasource", "instance");
        assertThat(dashboard.path("panels")).isNotEmpty().allSatisfy(panel -> {
            assertThat(panel.path("targets")).isNotEmpty();
            assertThat(panel.findValues("datasource")).allSatisfy(
                    source -> assertThat(source.path("uid").asText()).isEqualTo("${datasource}"));
        });
        assertThat(dashboard.path("panels")).extracting(panel -> panel.path("id").asInt()).doesNotHaveDuplicates();
    }

    @Test
    void everyQueryOfTheDashboardIsOne(@TempDir Path folder) throws Exception {
        YAMLMapper yaml = new YAMLMapper();
        ObjectNode rules = yaml.createObjectNode();
        ArrayNode group = rules.putArray("groups").addObject().put("name", "dashboard").putArray("rules");
        int number = 0;
        for (String query : Monitoring.dashboardQueries()) {
            group.addObject().put("record", "query:" + number++).put("expr", query);
        }
        Path file = folder.resolve("queries.yml");
        yaml.writeValue(file.toFile(), rules);

        assertAccepted("check", "rules", file.toString());
    }

    /** Prometheus's own tool says so. Where it has to be there, as in CI, CONTRACTFLOW_PROMTOOL is `required`. */
    private static void assertAccepted(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        Process promtool;
        try {
            promtool = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            boolean required = "required".equals(System.getenv("CONTRACTFLOW_PROMTOOL"));
            assertThat(required).as("promtool, of Debian's package prometheus, is not there").isFalse();
            System.out.println("promtool is not there: " + String.join(" ", arguments) + " is left out");
            assumeTrue(false, "promtool is not there");
            return;
        }
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(promtool.waitFor()).as(said).isZero();
    }
}
