package contractflow.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.exporter.internal.grpc.GrpcExporter;
import io.opentelemetry.exporter.internal.http.HttpExporter;
import io.vertx.core.impl.btc.BlockedThreadChecker;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.ConfigurationFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the log is like is known before Camel has read the settings, from where Camel will read them. */
class LogSettingsTest {

    @AfterEach
    void forget() {
        System.getProperties().keySet().removeIf(key -> key.toString().matches("(contractflow[.])?log[.].*"));
    }

    @Test
    void propertyGoesBeforeTheFile() {
        assertThat(ApplicationFiles.setting("log.format", List.of())).isEqualTo("text");

        System.setProperty("log.format", "JSON");
        LogSettings.apply(List.of());

        assertThat(LogSettings.isForPrograms()).isTrue();
    }

    @Test
    void profileGoesBeforeTheRest() {
        assertThat(ApplicationFiles.setting("feed.directory", List.of()))
                .isEqualTo(ApplicationFiles.setting("feed.directory", List.of("unknown")))
                .isEqualTo("feeds");
        assertThat(ApplicationFiles.setting("netsuite.base-url", List.of())).isEmpty();
        assertThat(ApplicationFiles.setting("netsuite.base-url", List.of("sandbox")))
                .isNotEmpty();
    }

    @Test
    void whatIsNoFormatIsLeftForTheSettingsToName() {
        System.setProperty("log.format", "xml");
        LogSettings.apply(List.of());

        assertThat(LogSettings.isForPrograms()).isFalse();
    }

    /** Loggers that would warn again and again while something is unavailable; a library may rename them. */
    static Stream<String> loggersThatRepeatThemselves() {
        return Stream.of(BlockedThreadChecker.LOGGER_NAME, GrpcExporter.class.getName(), HttpExporter.class.getName());
    }

    @ParameterizedTest
    @MethodSource("loggersThatRepeatThemselves")
    void libraryThatRepeatsItselfIsNotLogged(String logger) {
        LoggerContext context = new LoggerContext("product");
        URI file = Path.of("src/main/resources/log4j2.properties").toUri();

        Configuration log = ConfigurationFactory.getInstance().getConfiguration(context, "product", file);
        log.initialize();

        assertThat(log.getLoggerConfig(logger).getLevel()).isEqualTo(Level.OFF);
        assertThat(log.getLoggerConfig("contractflow.observe.CollectorLog").getLevel())
                .isEqualTo(Level.INFO);
    }
}
