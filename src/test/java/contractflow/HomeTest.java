package contractflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Properties;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;

/** What is read for several profiles, and in which order. */
class HomeTest {

    @Test
    void firstProfileThatHasASettingWins() {
        assertThat(Home.settings(List.of("sandbox", "dev")).replace(";optional=true", "").split(","))
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
    void eachProfileBringsTheRoutesThatItHas() {
        assertThat(routes("sandbox", "dev")).isEqualTo("file:routes/*.camel.yaml,file:routes/sandbox/*.camel.yaml");
    }

    @Test
    void profileThatIsMisspeltIsNamed() {
        assertThatThrownBy(() -> routes("dev", "sandbx"))
                .isInstanceOf(SetupException.class)
                .hasMessage("--profile: there is no sandbx, neither application-sandbx.properties nor a folder routes/sandbx");
    }

    private static String routes(String... profiles) {
        Main main = new Main();
        CamelSetup.configure(main.configure(), new Properties(), List.of(profiles), new Warehouse());
        return main.configure().getRoutesIncludePattern();
    }
}
