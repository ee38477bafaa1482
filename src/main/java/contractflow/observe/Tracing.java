package contractflow.observe;

import contractflow.config.SettingNames;
import contractflow.failure.SetupException;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;

/** Traces, where the environment says where to send them, by the variables that every OpenTelemetry program knows. */
public final class Tracing implements CamelConfiguration {

    /** What holds where the variables do not say otherwise. */
    private static final Map<String, String> DEFAULTS = Map.of("otel.service.name", "contractflow");

    /** What holds even where a platform sets these variables for all of its programs: there is nothing but traces to send. */
    private static final Map<String, String> TRACES_ONLY =
            Map.of("otel.metrics.exporter", "none", "otel.logs.exporter", "none");

    private final UnaryOperator<String> settings;

    public Tracing() {
        this(key -> System.getProperty(key, System.getenv(SettingNames.environmentName(key))));
    }

    /**
     * @param settings the value of a key such as {@code otel.traces.exporter}, or null
     */
    Tracing(UnaryOperator<String> settings) {
        this.settings = settings;
    }

    @Override
    public void configure(CamelContext camel) {
        if (isWanted()) {
            new RouteTracer(sdk()).init(camel);
        }
    }

    /** Without a word of where to, OpenTelemetry itself would try a collector on this machine. */
    private boolean isWanted() {
        String exporter = value("otel.traces.exporter");
        boolean named = Stream.of("otel.exporter.otlp.endpoint", "otel.exporter.otlp.traces.endpoint")
                .anyMatch(key -> !value(key).isEmpty());
        return !value("otel.sdk.disabled").equalsIgnoreCase("true")
                && !exporter.equalsIgnoreCase("none")
                && (named || !exporter.isEmpty());
    }

    private String value(String key) {
        String value = settings.apply(key);
        return value == null ? "" : value.strip();
    }

    private static OpenTelemetrySdk sdk() {
        try {
            return AutoConfiguredOpenTelemetrySdk.builder()
                    .addPropertiesSupplier(() -> DEFAULTS)
                    .addPropertiesCustomizer(config -> TRACES_ONLY)
                    .addSpanExporterCustomizer(CollectorLog::of)
                    // This process ends by a halt, after its routes have stopped.
                    .disableShutdownHook()
                    .build()
                    .getOpenTelemetrySdk();
        } catch (ConfigurationException e) {
            throw new SetupException("the OTEL_* variables cannot be used: " + e.getMessage(), e);
        }
    }
}
