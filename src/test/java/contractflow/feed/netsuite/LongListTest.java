package contractflow.feed.netsuite;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import contractflow.contract.Json;
import contractflow.support.ContractFlowTest;
import contractflow.support.FakeApis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A list of more contracts than NetSuite gives out for one query. */
class LongListTest extends ContractFlowTest {

    private static final int CONTRACTS = 250_000;
    private static final int PAGE = 1000;
    private static final Pattern AFTER = Pattern.compile("[.]id > (\\d+)");

    /** Ids have gaps: the nth contract is 3n. */
    private static final int GAP = 3;

    private final HttpServer netsuite = serve();

    /** What the unfinished feed had in it when each page was asked for. */
    private final List<Long> bytesWritten = Collections.synchronizedList(new ArrayList<>());

    @Override
    protected Map<String, String> settings() {
        return Map.of(
                "netsuite.base-url",
                "http://127.0.0.1:" + netsuite.getAddress().getPort(),
                "netsuite.requests-per-second",
                "1000");
    }

    @AfterEach
    void stopServing() {
        netsuite.stop(0);
    }

    @Test
    void everyContractIsListedOnceAndNoneIsKeptInMemory() throws Exception {
        template.request("direct:fetch-feed", exchange -> {});

        Path feed;
        try (Stream<Path> files = Files.list(folder)) {
            feed = files.filter(file -> file.toString().endsWith(".ndjson"))
                    .findFirst()
                    .orElseThrow();
        }
        long listed = 0;
        try (Stream<String> lines = Files.lines(feed)) {
            for (String line : (Iterable<String>) lines::iterator) {
                listed++;
                assertThat(Json.read(line).get("contract_id").asLong()).isEqualTo(listed * GAP);
            }
        }
        assertThat(listed).isEqualTo(CONTRACTS);
        assertThat(bytesWritten).hasSize(CONTRACTS / PAGE);
        // All but what a buffer holds is in the file before the next page is asked for.
        long bytesOfPage = Files.size(feed) / bytesWritten.size();
        for (int pages = 10; pages < bytesWritten.size(); pages++) {
            assertThat(bytesWritten.get(pages)).isGreaterThan((pages - 2) * bytesOfPage * 9 / 10);
        }
    }

    private HttpServer serve() {
        // It holds answers back for 40 ms otherwise.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/services/rest/query/v1/suiteql", this::answer);
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void answer(HttpExchange call) throws IOException {
        bytesWritten.add(bytesOfUnfinishedFeed());
        Matcher query = AFTER.matcher(new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        long first = query.find() ? Long.parseLong(query.group(1)) / GAP + 1 : 1;
        long last = Math.min(CONTRACTS, first + PAGE - 1);
        StringBuilder items = new StringBuilder();
        for (long n = first; n <= last; n++) {
            items.append(n == first ? "" : ",").append(FakeApis.listed(n * GAP));
        }
        byte[] page =
                ("{\"items\":[" + items + "],\"hasMore\":" + (last < CONTRACTS) + "}").getBytes(StandardCharsets.UTF_8);
        call.sendResponseHeaders(200, page.length);
        call.getResponseBody().write(page);
        call.close();
    }

    private long bytesOfUnfinishedFeed() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            Path unfinished = files.filter(file -> file.toString().endsWith(".part"))
                    .findFirst()
                    .orElseThrow();
            return Files.size(unfinished);
        }
    }
}
