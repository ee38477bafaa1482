package contractflow.conventions;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import contractflow.support.Monitoring;
import contractflow.support.Promtool;
import contractflow.support.RouteFiles;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard and the alerts of docs/monitoring can be used as they are. */
class MonitoringTest {

    @Test
    void rulesFireWhenTheyShould() throws Exception {
        Promtool.assertAccepts(
                "check",
                "rules",
                Monitoring.FOLDER.resolve("prometheus-rules.yml").toString());
        Promtool.assertAccepts(
                "test",
                "rules",
                Monitoring.FOLDER.resolve("prometheus-rules-test.yml").toString());
    }

    @Test
    void everyAlertIsTestedAndSaysWhatToDo() throws Exception {
        String tests = RouteFiles.text(Monitoring.FOLDER.resolve("prometheus-rules-test.yml"));

        assertThat(Monitoring.rules().at("/groups/0/rules")).isNotEmpty().allSatisfy(rule -> {
            assertThat(tests).contains("alertname=\"" + rule.path("alert").asText() + "\"");
            assertThat(rule.at("/labels/severity").asText()).as("%s", rule).isIn("warning", "critical");
            assertThat(rule.at("/annotations/summary").asText()).as("%s", rule).isNotBlank();
            assertThat(rule.at("/annotations/description").asText())
                    .as("%s", rule)
                    .isNotBlank();
        });
    }

    @Test
    void everyPanelAsksTheChosenPrometheus() throws Exception {
        JsonNode dashboard = Monitoring.dashboard();

        assertThat(dashboard.at("/templating/list"))
                .extracting(variable -> variable.path("name").asText())
                .containsExactly("datasource", "instance");
        assertThat(dashboard.path("panels")).isNotEmpty().allSatisfy(panel -> {
            assertThat(panel.path("targets")).isNotEmpty();
            assertThat(panel.findValues("datasource"))
                    .allSatisfy(
                            source -> assertThat(source.path("uid").asText()).isEqualTo("${datasource}"));
        });
        assertThat(dashboard.path("panels"))
                .extracting(panel -> panel.path("id").asInt())
                .doesNotHaveDuplicates();
    }

    @Test
    void everyQueryOfTheDashboardIsOne(@TempDir Path folder) throws Exception {
        YAMLMapper yaml = new YAMLMapper();
        ObjectNode rules = yaml.createObjectNode();
        ArrayNode group =
                rules.putArray("groups").addObject().put("name", "dashboard").putArray("rules");
        int number = 0;
        for (String query : Monitoring.dashboardQueries()) {
            group.addObject().put("record", "query:" + number++).put("expr", query);
        }
        Path file = folder.resolve("queries.yml");
        yaml.writeValue(file.toFile(), rules);

        Promtool.assertAccepts("check", "rules", file.toString());
    }
}
