package contractflow.benchmark;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * NetSuite and the usage API in a process of their own, with the latency and the limits that a scenario asks for. Limits are strict:
 * a call is refused where the second before it has seen as many as are allowed, or where as many are in flight.
 *
 * <p>{@code POST /scenario} sets the limits and forgets the counts, {@code POST /limits} changes the limits, {@code GET /counts} tells the
 * counts. One thread does it all, so that
 * the order of events is that of its clock.
 */
public final class SimulatedApis implements AutoCloseable {

    private static final String RECORDS = "/services/rest/record/v1/customrecord_contracts/";
    private static final String QUERY = "/services/rest/query/v1/suiteql";
    private static final String USAGE = "/api/v1/meters/";
    private static final String MISSING = "There is no ";
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Vertx vertx = Vertx.vertx();
    private Api netsuite = new Api();
    private Api usage = new Api();
    private int missingEvery;
    private int unknownEvery;

    /** Starts the server and prints its port. It ends when its standard input does, and so with the process that has started it. */
    public static void main(String[] args) throws IOException {
        try (SimulatedApis apis = new SimulatedApis()) {
            System.out.println(apis.start());
            while (System.in.read() >= 0) {
                // Wait for the end of the input.
            }
        }
    }

    /**
     * Starts the server.
     *
     * @return its port
     */
    public int start() {
        return vertx.createHttpServer()
                .requestHandler(this::handle)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private void handle(HttpServerRequest request) {
        String path = request.path();
        if (path.startsWith(RECORDS)) {
            String id = path.substring(RECORDS.length());
            netsuite.call(request, () -> isBad(id, missingEvery) ? MISSING + "record " + id : record(id));
        } else if (path.equals(QUERY)) {
            request.bodyHandler(body ->
                    netsuite.call(request, () -> page(body.toJsonObject().getString("q"))));
        } else if (path.startsWith(USAGE)) {
            List<String> customers = request.params().getAll("filterCustomerId");
            usage.call(
                    request,
                    () -> customers.stream()
                            .filter(id -> isBad(id, unknownEvery))
                            .findFirst()
                            .map(id -> MISSING + "customer " + id)
                            .orElseGet(() -> report(customers)));
        } else if (path.equals("/scenario") || path.equals("/limits")) {
            request.bodyHandler(body -> {
                if (path.equals("/scenario")) {
                    netsuite = new Api();
                    usage = new Api();
                }
                limit(body.toJsonObject());
                request.response().end();
            });
        } else {
            request.response().end(counts().encode());
        }
    }

    private void limit(JsonObject scenario) {
        missingEvery = scenario.getInteger("missingEvery", 0);
        unknownEvery = scenario.getInteger("unknownEvery", 0);
        netsuite.limit(scenario.getJsonObject("netsuite", new JsonObject()));
        usage.limit(scenario.getJsonObject("usage", new JsonObject()));
    }

    private JsonObject counts() {
        return new JsonObject().put("netsuite", netsuite.counts()).put("usage", usage.counts());
    }

    private static String record(String id) {
        return "{\"links\":[{\"rel\":\"self\",\"href\":\"" + RECORDS + id + "\"}],\"id\":\"" + id + "\",\"name\":\"CON-"
                + id
                + "\",\"custrecord_contracts_bill_to_customer\":{\"links\":[],\"id\":\"107\",\"refName\":\"Acme\"},"
                + "\"custrecord_contract_status\":{\"id\":\"2\",\"refName\":\"Active\"},"
                + "\"custrecord_contracts_start_date\":\"2026-01-01\",\"custrecord_contracts_end_date\":\"2026-12-31\","
                + "\"custrecord_swe_contract_value_olr\":12000.50,\"currency\":{\"id\":\"1\",\"refName\":\"USD\"},"
                + "\"lastModified\":\"2026-10-30T08:34:00Z\"}";
    }

    /** Whether nothing has that id, which is so for one in so many; 0 is none. */
    private static boolean isBad(String id, int every) {
        return every > 0 && Long.parseLong(id) % every == 0;
    }

    /** What sql/netsuite-lookup.sql selects. */
    private String page(String query) {
        String ids = query.replaceFirst("(?s).*IN \\(([0-9,]*)\\).*", "$1");
        StringBuilder items = new StringBuilder();
        int count = 0;
        for (String id : ids.split(",")) {
            if (!isBad(id, missingEvery)) {
                items.append(count++ == 0 ? "" : ",")
                        .append("{\"links\":[],\"id\":\"")
                        .append(id)
                        .append("\",\"name\":\"CON-")
                        .append(id)
                        .append("\",\"custrecord_contract_status_refname\":\"Active\",")
                        .append("\"custrecord_contracts_start_date\":\"2026-01-01\",")
                        .append("\"custrecord_contracts_end_date\":\"2026-12-31\",")
                        .append("\"custrecord_swe_contract_value_olr\":\"12000.5\",\"currency_refname\":\"USD\"}");
            }
        }
        return "{\"links\":[],\"count\":" + count + ",\"hasMore\":false,\"offset\":0,\"totalResults\":" + count
                + ",\"items\":[" + items + "]}";
    }

    private static String report(List<String> customers) {
        return customers.stream()
                .map(customer -> "{\"value\":12345.5,"
                        + "\"windowStart\":\"2026-10-01T00:00:00Z\",\"windowEnd\":\"2026-11-01T00:00:00Z\",\"subject\":null,"
                        + "\"customerId\":\"" + customer + "\",\"groupBy\":{}}")
                .collect(Collectors.joining(
                        ",",
                        "{\"from\":\"2026-10-01T00:00:00Z\",\"to\":\"2026-11-01T00:00:00Z\",\"windowSize\":\"MONTH\",\"data\":[",
                        "]}"));
    }

    /** With {@link #MISSING} and what there is not, it is a 404. */
    private interface Answer {
        String body();
    }

    /** One API: its limits and what it has seen since they were set. */
    private final class Api {

        private long latencyMillis;
        private int concurrency;
        private int perSecond;
        private int status;
        private String retryAfter;
        private final Deque<Long> lastSecond = new ArrayDeque<>();
        private final Deque<Long> acceptedInLastSecond = new ArrayDeque<>();
        private long calls;
        private long refused;
        private long first;
        private long last;
        private long firstAt;
        private int inFlight;
        private int mostInFlight;
        private int mostInOneSecond;

        Api() {
            limit(new JsonObject());
        }

        /** Limits that are not named do not exist. */
        void limit(JsonObject limits) {
            status = limits.getInteger("status", 429);
            retryAfter = limits.containsKey("retryAfter")
                    ? limits.getValue("retryAfter").toString()
                    : null;
            latencyMillis = limits.getLong("latency", 0L);
            concurrency = limits.getInteger("concurrency", Integer.MAX_VALUE);
            perSecond = limits.getInteger("perSecond", Integer.MAX_VALUE);
        }

        void call(HttpServerRequest request, Answer answer) {
            long now = System.nanoTime();
            if (calls == 0) {
                first = now;
                firstAt = System.currentTimeMillis();
            }
            last = now;
            calls++;
            if (perSecond < Integer.MAX_VALUE) {
                mostInOneSecond = Math.max(mostInOneSecond, within(lastSecond, now) + 1);
                lastSecond.add(now);
            }
            boolean tooFast = perSecond < Integer.MAX_VALUE && within(acceptedInLastSecond, now) >= perSecond;
            if (tooFast || inFlight >= concurrency) {
                refused++;
                if (status == 0) {
                    request.connection().close();
                    return;
                }
                HttpServerResponse refusal = request.response().setStatusCode(status);
                if (retryAfter != null) {
                    refusal.putHeader("Retry-After", retryAfter);
                }
                if (status == 503) {
                    refusal.end("<html>Service Temporarily Unavailable</html>");
                    return;
                }
                refusal.end("{\"status\":" + status + ",\"o:errorDetails\":[{\"detail\":\"Too many requests.\","
                        + "\"o:errorCode\":\"CONCURRENCY_LIMIT_EXCEEDED\"}]}");
                return;
            }
            if (perSecond < Integer.MAX_VALUE) {
                acceptedInLastSecond.add(now);
            }
            inFlight++;
            mostInFlight = Math.max(mostInFlight, inFlight);
            if (latencyMillis == 0) {
                end(request.response(), answer);
            } else {
                vertx.setTimer(latencyMillis, timer -> end(request.response(), answer));
            }
        }

        private void end(HttpServerResponse response, Answer answer) {
            inFlight--;
            String body = answer.body();
            if (body.startsWith(MISSING)) {
                // In the form of both APIs.
                response.setStatusCode(404)
                        .putHeader("Content-Type", "application/problem+json")
                        .end("{\"title\":\"Not Found\",\"status\":404,\"detail\":\"" + body
                                + "\",\"o:errorDetails\":[{\"detail\":\"" + body + "\","
                                + "\"o:errorCode\":\"NONEXISTENT_ID\"}]}");
                return;
            }
            response.putHeader("Content-Type", "application/json").end(body);
        }

        private static int within(Deque<Long> times, long now) {
            while (!times.isEmpty() && now - times.peekFirst() >= SECOND) {
                times.removeFirst();
            }
            return times.size();
        }

        JsonObject counts() {
            return new JsonObject()
                    .put("calls", calls)
                    .put("refused", refused)
                    .put("firstAt", firstAt)
                    .put("mostInFlight", mostInFlight)
                    .put("mostInOneSecond", mostInOneSecond)
                    .put("perSecond", calls < 2 ? 0 : (calls - 1) * (double) SECOND / (last - first));
        }
    }
}
