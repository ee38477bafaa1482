package contractflow.api.http;

import static contractflow.support.FakeApis.anyContract;
import static contractflow.support.FakeApis.record;
import static org.assertj.core.api.Assertions.assertThat;

import contractflow.support.ContractFlowTest;
import contractflow.support.ForwardProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A kept connection that a server has closed costs neither a call nor an attempt, whether it closed it before the call or instead of an answer. */
@Tag("slow")
class ConnectionsTest extends ContractFlowTest {

    private static final int CONTRACTS = 8;
    private static final int PER_SECOND = 5;

    private final UsageServer server = new UsageServer();

    @Override
    protected Map<String, String> settings() {
        return Map.of(
                "usage.base-url", server.url(),
                "usage.requests-per-second", String.valueOf(PER_SECOND),
                "netsuite.concurrency", "1",
                "api.max-wait", "2s",
                "api.max-attempts", "2");
    }

    @AfterEach
    void stopServer() throws IOException {
        server.server.close();
    }

    @Test
    void connectionThatWasClosedWhileItWasIdleIsNotUsed() throws Exception {
        server.idleMillis = 150;
        apis.netsuite().stubFor(anyContract().willReturn(record(300)));

        assertEachCustomerIsAskedForOnce();

        assertThat(server.unanswered).hasValue(0);
        assertThat(server.connections).as("and it was closed each time").hasValueGreaterThanOrEqualTo(CONTRACTS - 1);
    }

    @Test
    void connectionThatIsClosedWhenItIsUsedAgainIsReplaced() throws Exception {
        server.answersPerConnection = 1;

        assertEachCustomerIsAskedForOnce();

        assertThat(server.unanswered)
                .as("requests that came on a connection that was about to be closed")
                .hasPositiveValue();
        assertThat(server.mostInOneSecond())
                .as("requests in a second, the repeated ones among them")
                .isLessThanOrEqualTo(PER_SECOND + 1);
    }

    /** A server that has no place for one more call does so as well. */
    @Test
    void newConnectionThatIsClosedInsteadOfAnAnswerIsACallThatHasFailed() throws Exception {
        server.closedFirst = 1;

        assertThat(run(feedOf(CONTRACTS))).containsEntry("status", "complete").containsEntry("loaded", (long)
                CONTRACTS);

        assertThat(server.unanswered).hasValue(1);
        assertThat(server.answered).hasValue(CONTRACTS);
        assertThat(query("SELECT calls FROM run_api WHERE api = 'usage'"))
                .containsExactly(Map.of("calls", CONTRACTS + 1L));
    }

    @Test
    void serverThatClosesEveryConnection_isUnavailable() throws Exception {
        server.closedFirst = Integer.MAX_VALUE;

        Map<String, Object> run = run(feedOf(CONTRACTS));

        assertThat(run)
                .containsEntry("status", "incomplete")
                .containsEntry("dead", 0L)
                .containsEntry("pending", (long) CONTRACTS);
        assertThat(run.get("reason").toString()).contains("usage");
        assertThat(server.unanswered)
                .as("one call at a time, with growing waits")
                .hasValueLessThan(200);
    }

    private void assertEachCustomerIsAskedForOnce() throws Exception {
        assertThat(run(feedOf(CONTRACTS))).containsEntry("status", "complete").containsEntry("loaded", (long)
                CONTRACTS);

        assertThat(server.answered).hasValue(CONTRACTS);
        assertThat(query("SELECT calls FROM run_api WHERE api = 'usage'"))
                .containsExactly(Map.of("calls", (long) CONTRACTS));
    }

    /** A usage API that keeps connections open for a while, or says so and does not. */
    private static final class UsageServer {

        private static final String REPORT = "{\"data\":[]}";

        private final AtomicInteger connections = new AtomicInteger();
        private final AtomicInteger answered = new AtomicInteger();
        private final AtomicInteger unanswered = new AtomicInteger();
        private final List<Long> requests = new CopyOnWriteArrayList<>();
        private final ServerSocket server;
        private volatile int idleMillis = 60_000;
        private volatile int answersPerConnection = Integer.MAX_VALUE;
        private volatile int closedFirst;

        UsageServer() {
            try {
                server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            ForwardProxy.start(() -> {
                while (true) {
                    Socket client = server.accept();
                    connections.incrementAndGet();
                    ForwardProxy.start(() -> {
                        try (client) {
                            serve(client);
                        }
                    });
                }
            });
        }

        String url() {
            return "http://127.0.0.1:" + server.getLocalPort();
        }

        long mostInOneSecond() {
            return requests.stream()
                    .mapToLong(from -> requests.stream()
                            .filter(at -> at - from >= 0 && at - from < TimeUnit.SECONDS.toNanos(1))
                            .count())
                    .max()
                    .orElse(0);
        }

        private void serve(Socket client) throws IOException {
            client.setSoTimeout(idleMillis);
            for (int answers = 0; ; answers++) {
                List<String> head;
                try {
                    head = ForwardProxy.head(client.getInputStream());
                } catch (SocketTimeoutException idle) {
                    return;
                }
                if (head.isEmpty()) {
                    return;
                }
                requests.add(System.nanoTime());
                if (answers >= answersPerConnection || unanswered.get() < closedFirst) {
                    unanswered.incrementAndGet();
                    return;
                }
                answered.incrementAndGet();
                ForwardProxy.write(
                        client.getOutputStream(),
                        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + REPORT.length()
                                + "\r\n\r\n" + REPORT);
            }
        }
    }
}
