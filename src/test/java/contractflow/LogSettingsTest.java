package contractflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the log is like is known before Camel has read the settings, from where Camel will read them. */
class LogSettingsTest {

    @AfterEach
    void forget() {
        System.getProperties().keySet().removeIf(key -> key.toString().matches("(contractflow[.])?log[.].*"));
    }

    @Test
    void propertyGoesBeforeTheFile() {
        assertThat(Home.setting("log.format", List.of())).isEqualTo("text");

        System.setProperty("log.format", "JSON");
        LogSettings.apply(List.of());

        assertThat(LogSettings.isForPrograms()).isTrue();
    }

    @Test
    void profileGoesBeforeTheRest() {
        assertThat(Home.setting("feed.directory", List.of())).isEqualTo(Home.setting("feed.directory", List.of("unknown"))).isEqualTo("feeds");
        assertThat(Home.setting("netsuite.base-url", List.of())).isEmpty();
        assertThat(Home.setting("netsuite.base-url", List.of("sandbox"))).isNotEmpty();
    }

    @Test
    void whatIsNoFormatIsLeftForTheSettingsToName() {
        System.setProperty("log.format", "xml");
        LogSettings.apply(List.of());

        assertThat(LogSettings.isForPrograms()).isFalse();
    }
}
