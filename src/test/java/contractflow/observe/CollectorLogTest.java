package contractflow.observe;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import contractflow.support.CapturedLog;
import contractflow.support.ContractFlowTest;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A collector that does not take the spans is worth one line, and so is one that takes them again. */
class CollectorLogTest {

    private final WireMockServer collector = ContractFlowTest.server();

    @BeforeAll
    static void listenToInfo() {
        Configurator.setLevel(CollectorLog.class.getName(), Level.INFO);
    }

    @AfterEach
    void stop() {
        collector.stop();
    }

    @Test
    void changeIsLoggedOnce() {
        String url = collector.baseUrl();
        try (CapturedLog log = CapturedLog.listen();
                SpanExporter exporter = exporter(Duration.ZERO)) {
            export(exporter, 200);
            assertThat(ours(log)).isEmpty();
            export(exporter, 401, 401, 503);
            assertThat(ours(log))
                    .containsExactly(
                            "WARN Traces cannot be sent to " + url
                                    + ": it answered with the HTTP status 401; spans are lost until it works again, runs go on");
            export(exporter, 200, 200);
            assertThat(ours(log)).hasSize(2).last().isEqualTo("INFO Traces are sent to " + url + " again");
            collector.stop();
            send(exporter);
            assertThat(ours(log))
                    .hasSize(3)
                    .last()
                    .asString()
                    .startsWith("WARN Traces cannot be sent to " + url + ": Failed to connect");
        }
    }

    @Test
    void collectorThatFailsNowAndThenIsLoggedOnce() {
        try (CapturedLog log = CapturedLog.listen();
                SpanExporter exporter = exporter(Duration.ofMinutes(1))) {
            export(exporter, 503, 200, 503, 200, 503, 200);
            assertThat(ours(log)).singleElement().asString().contains("HTTP status 503");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "http://collector:4317, http://collector:4317",
        "https://user:secret@collector/v1/traces?key=secret#secret, https://collector",
        "https://[::1]:4318/secret, https://[::1]:4318",
        "collector:4317, the collector",
        "http://a b, the collector"
    })
    void endpointIsLoggedWithoutCredentials(String endpoint, String logged) {
        assertThat(CollectorLog.withoutCredentials(endpoint)).isEqualTo(logged);
    }

    private SpanExporter exporter(Duration steady) {
        String url = collector.baseUrl();
        SpanExporter exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(url + "/v1/traces")
                .setRetryPolicy(null)
                .build();
        return new CollectorLog(exporter, CollectorLog.withoutCredentials(url), steady);
    }

    private void export(SpanExporter exporter, int... statuses) {
        for (int status : statuses) {
            collector.stubFor(post("/v1/traces")
                    .willReturn(status == 200 ? ok() : aResponse().withStatus(status)));
            send(exporter);
        }
    }

    private static void send(SpanExporter exporter) {
        assertThat(exporter.export(List.of()).join(10, TimeUnit.SECONDS).isDone())
                .isTrue();
    }

    /** The exporter's own lines are kept out of the log by its configuration, which this JVM does not have. */
    private static List<String> ours(CapturedLog log) {
        return log.lines().stream().filter(line -> line.contains("Traces ")).toList();
    }
}
