package contractflow.api.http;

import contractflow.api.limits.ApiLimits;
import contractflow.config.time.Durations;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;

/**
 * Bounds a whole HTTP call, from the wait for a connection to the answer's last byte. HttpClient's own timeouts run between two
 * bytes: a server that drips would hold its slot for ever. The answer's size is bounded as well. What else holds for every call,
 * {@link RepeatUnanswered}, {@link Redaction} and {@link ServerTrust}, comes with it, and so do the API's {@link ExtraHeaders}.
 */
public final class CallDeadline implements HttpClientConfigurer, CamelContextAware {

    /** An answer about one record has some thousand bytes. */
    private static final int LARGEST_ANSWER = 16 * 1024 * 1024;

    private static final ScheduledThreadPoolExecutor CLOCK = clock();

    private Duration timeout;
    private List<Header> headers = List.of();
    private ApiLimits limits;
    private boolean answerUnread;
    private CamelContext camel;

    /**
     * @param timeout in Camel's notation, such as 30s
     */
    public void setTimeout(String timeout) {
        this.timeout = Durations.parse(timeout);
    }

    /**
     * @param headers that each call has besides its own, such as Accept-Language: en-US, with | between two of them
     */
    public void setHeaders(String headers) {
        this.headers = ExtraHeaders.parse(headers);
    }

    /**
     * @param limits of the API, whose rate holds for a call that is repeated as well
     */
    public void setLimits(ApiLimits limits) {
        this.limits = limits;
    }

    /**
     * @param answerUnread whether the answer's status is all that counts, so that nothing of its body is read
     */
    public void setAnswerUnread(boolean answerUnread) {
        this.answerUnread = answerUnread;
    }

    @Override
    public void setCamelContext(CamelContext camel) {
        this.camel = camel;
    }

    @Override
    public CamelContext getCamelContext() {
        return camel;
    }

    @Override
    public void configureHttpClient(HttpClientBuilder client) {
        client.setDefaultHeaders(headers);
        client.addExecInterceptorBefore(ChainElement.CONNECT.name(), "repeat-unanswered", new RepeatUnanswered(limits));
        client.addExecInterceptorFirst("deadline", this::call);
        // Each goes before the last: what they get is the whole answer.
        client.addExecInterceptorFirst(
                "redaction",
                new Redaction(camel == null ? Set.of() : HttpProxies.of(camel).secrets()));
        client.addExecInterceptorFirst("server-trust", new ServerTrust());
    }

    private ClassicHttpResponse call(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        AtomicBoolean expired = new AtomicBoolean();
        ScheduledFuture<?> end = CLOCK.schedule(
                () -> {
                    expired.set(true);
                    ((Cancellable) scope.originalRequest).cancel();
                },
                timeout.toMillis(),
                TimeUnit.MILLISECONDS);
        try {
            ClassicHttpResponse response = chain.proceed(request, scope);
            HttpEntity entity = response.getEntity();
            if (answerUnread) {
                scope.execRuntime.disconnectEndpoint();
                response.setEntity(null);
            } else if (entity != null) {
                response.setEntity(
                        new ByteArrayEntity(read(entity), ContentType.parseLenient(entity.getContentType())));
            }
            return response;
        } catch (IOException | IllegalStateException e) {
            if (expired.get()) {
                String message = "no whole answer within " + timeout.toMillis() + " ms";
                throw (IOException) new SocketTimeoutException(message).initCause(e);
            }
            throw e;
        } finally {
            end.cancel(false);
        }
    }

    private static byte[] read(HttpEntity entity) throws IOException {
        try (InputStream content = entity.getContent()) {
            byte[] bytes = content.readNBytes(LARGEST_ANSWER + 1);
            if (bytes.length > LARGEST_ANSWER) {
                throw new IOException("an answer of more than " + LARGEST_ANSWER + " bytes");
            }
            return bytes;
        }
    }

    private static ScheduledThreadPoolExecutor clock() {
        ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "call-deadline");
            thread.setDaemon(true);
            return thread;
        });
        clock.setRemoveOnCancelPolicy(true);
        return clock;
    }
}
