package contractflow.observe;

import contractflow.failure.WarehouseFault;
import io.opentelemetry.exporter.internal.FailedExportException.GrpcExportException;
import io.opentelemetry.exporter.internal.FailedExportException.HttpExportException;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs once that a collector does not take the spans, and once that it takes them again. The exporter itself would log each
 * failure, several times a minute; log4j2.properties keeps that out.
 */
final class CollectorLog implements SpanExporter {

    private static final Logger LOG = LoggerFactory.getLogger(CollectorLog.class);

    /** A collector that fails now and then is not worth two lines each time. */
    private static final Duration STEADY = Duration.ofMinutes(1);

    private final SpanExporter exporter;
    private final String endpoint;
    private final Duration steady;
    private boolean failing;
    private long lastFailure;

    /**
     * @param endpoint where the exporter sends to, without credentials
     * @param steady how long nothing may have failed until the collector counts as working again
     */
    CollectorLog(SpanExporter exporter, String endpoint, Duration steady) {
        this.exporter = exporter;
        this.endpoint = endpoint;
        this.steady = steady;
    }

    /** The exporter, watched; one that writes to the log needs no watching, and is never seen to fail. */
    static SpanExporter of(SpanExporter exporter, ConfigProperties config) {
        String endpoint = config.getString(
                "otel.exporter.otlp.traces.endpoint",
                config.getString("otel.exporter.otlp.endpoint", "http://localhost"));
        return new CollectorLog(exporter, withoutCredentials(endpoint), STEADY);
    }

    /** Scheme, host and port: user, password, path and query may hold a secret. */
    static String withoutCredentials(String endpoint) {
        try {
            URI uri = URI.create(endpoint);
            if (uri.getHost() == null) {
                return "the collector";
            }
            return uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
        } catch (IllegalArgumentException e) {
            return "the collector";
        }
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        CompletableResultCode result = exporter.export(spans);
        result.whenComplete(() -> {
            if (result.isSuccess()) {
                taken();
            } else {
                failed(result.getFailureThrowable());
            }
        });
        return result;
    }

    private synchronized void failed(Throwable failure) {
        if (!failing) {
            LOG.warn(
                    "Traces cannot be sent to {}: {}; spans are lost until it works again, runs go on",
                    endpoint,
                    reason(failure));
        }
        failing = true;
        lastFailure = System.nanoTime();
    }

    private synchronized void taken() {
        if (failing && System.nanoTime() - lastFailure >= steady.toNanos()) {
            failing = false;
            LOG.info("Traces are sent to {} again", endpoint);
        }
    }

    private static String reason(Throwable failure) {
        if (failure instanceof HttpExportException http && http.getResponse() != null) {
            return "it answered with the HTTP status " + http.getResponse().getStatusCode();
        }
        if (failure instanceof GrpcExportException grpc && grpc.getResponse() != null) {
            return "it answered with the gRPC status " + grpc.getResponse().getStatusCode();
        }
        Throwable cause = failure == null || failure.getCause() == null ? failure : failure.getCause();
        if (cause instanceof UnknownHostException) {
            return "the name of its host is not known";
        }
        return cause == null ? "no reason is known" : WarehouseFault.message(cause);
    }

    @Override
    public CompletableResultCode flush() {
        return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return exporter.shutdown();
    }

    @Override
    public String toString() {
        return "CollectorLog of " + exporter;
    }
}
