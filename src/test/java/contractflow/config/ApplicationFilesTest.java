package contractflow.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import contractflow.failure.SetupException;
import contractflow.process.CamelSetup;
import contractflow.process.Mode;
import contractflow.warehouse.Warehouse;
import java.util.List;
import java.util.Properties;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;

/** What is read for several profiles, and in which order. */
class ApplicationFilesTest {

    @Test
    void firstProfileThatHasASettingWins() {
        assertThat(ApplicationFiles.settings(List.of("sandbox", "dev"))
                        .replace(";optional=true", "")
                        .split(","))
                .containsExactly(
                        "file:application-sandbox.properties",
                        "file:application-dev.properties",
                        "file:application.properties",
                        "classpath:application-sandbox.properties",
                        "classpath:application-dev.properties",
                        "classpath:application.properties",
                        "classpath:contractflow/camel.properties");
    }

    @Test
    void eachModeHasFoldersOfItsOwn() {
        assertThat(routes(Mode.DATABASE))
                .isEqualTo("file:routes/defaults.camel.yaml,file:routes/commands/*.camel.yaml");
        assertThat(routes(Mode.RUN).split(","))
                .contains(
                        "file:routes/*.camel.yaml", "file:routes/run/*.camel.yaml", "file:routes/commands/*.camel.yaml")
                .noneMatch(pattern -> pattern.matches(".*/(service|page|check|sandbox)/.*"));
        assertThat(routes(Mode.CHECK)).isEqualTo(routes(Mode.RUN) + ",file:routes/check/*.camel.yaml");
        assertThat(routes(Mode.SERVICE))
                .isEqualTo(routes(Mode.RUN) + ",file:routes/service/*.camel.yaml,file:routes/page/*.camel.yaml");
    }

    @Test
    void eachProfileBringsTheRoutesThatItHas() {
        assertThat(routes(Mode.RUN, "sandbox", "dev"))
                .isEqualTo(routes(Mode.RUN) + ",file:routes/sandbox/*.camel.yaml");
        assertThat(routes(Mode.SERVICE, "sandbox", "dev"))
                .isEqualTo(routes(Mode.SERVICE)
                        + ",file:routes/sandbox/*.camel.yaml,file:routes/sandbox/service/*.camel.yaml");
    }

    @Test
    void folderOfAModeIsNoProfile() {
        assertThatThrownBy(() -> routes(Mode.RUN, "page"))
                .isInstanceOf(SetupException.class)
                .hasMessageContaining("there is no page");
    }

    @Test
    void profileThatIsMisspeltIsNamed() {
        assertThatThrownBy(() -> routes(Mode.RUN, "dev", "sandbx"))
                .isInstanceOf(SetupException.class)
                .hasMessage(
                        "--profile: there is no sandbx, neither application-sandbx.properties nor a folder routes/sandbx");
    }

    private static String routes(Mode mode, String... profiles) {
        Main main = new Main();
        CamelSetup.configure(main.configure(), new Properties(), List.of(profiles), mode, new Warehouse());
        return main.configure().getRoutesIncludePattern();
    }
}
