package contractflow.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import contractflow.failure.SetupException;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** There are traces where a variable says where to send them, and else nothing of OpenTelemetry at all. */
class TracingTest {

    private final CamelContext camel = new DefaultCamelContext();

    @AfterEach
    void stop() {
        camel.stop();
        System.clearProperty("otel.traces.exporter");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "otel.service.name=contracts",
                "otel.traces.exporter=none",
                "otel.exporter.otlp.endpoint=",
                "otel.exporter.otlp.endpoint=http://127.0.0.1:4318 otel.traces.exporter=none",
                "otel.exporter.otlp.endpoint=http://127.0.0.1:4318 otel.sdk.disabled=true"
            })
    void nothingIsSetUpUnlessAVariableSaysWhere(String settings) {
        new Tracing(settings(settings)::get).configure(camel);

        assertThat(camel.getRoutePolicyFactories()).isEmpty();
        assertThat(threads()).noneMatch(name -> name.startsWith("BatchSpanProcessor"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "otel.traces.exporter=logging",
                "otel.exporter.otlp.traces.endpoint=http://127.0.0.1:4318/v1/traces"
            })
    void routesAreTracedWhereOneDoes(String settings) {
        System.setProperty("otel.traces.exporter", "logging");

        new Tracing(settings(settings)::get).configure(camel);

        assertThat(camel.getRoutePolicyFactories()).singleElement().isInstanceOf(RouteTracer.class);
    }

    @Test
    void variableThatIsWrongIsNamed() {
        System.setProperty("otel.traces.exporter", "carrier-pigeon");

        assertThatThrownBy(() -> new Tracing().configure(camel))
                .isInstanceOf(SetupException.class)
                .hasMessageContaining("otel.traces.exporter")
                .hasMessageContaining("carrier-pigeon");
    }

    private static Map<String, String> settings(String lines) {
        Map<String, String> settings = new HashMap<>();
        Stream.of(lines.split(" "))
                .filter(line -> !line.isEmpty())
                .map(line -> line.split("=", 2))
                .forEach(s -> settings.put(s[0], s[1]));
        return settings;
    }

    private static Stream<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName);
    }
}
