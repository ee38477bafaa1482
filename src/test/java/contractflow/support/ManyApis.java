package contractflow.support;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * NetSuite and the usage API as one real server, which answers for one record and for many. A query is answered by what it selects from the
 * same record that a GET brings: texts for all values, nulls left out, the name of a reference by BUILTIN.DF.
 */
public final class ManyApis implements AutoCloseable {

    private static final String RECORDS = "/services/rest/record/v1/customrecord_contracts/";
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();
    private static final Pattern COLUMN = Pattern.compile(
            "(?:(BUILTIN\\.DF|TO_CHAR)\\((?:\\w+\\.)?(\\w+)(?:,\\s*'[^']*')?\\)|(?:\\w+\\.)?(\\w+))\\s+AS\\s+(\\w+)");
    private static final Pattern IDS = Pattern.compile("IN \\(([0-9,]+)\\)");

    /** What a call is answered. */
    public record Answer(int status, String body) {

        /** The connection is closed instead. */
        public static final Answer NONE = new Answer(0, "");
    }

    /** Ids of contracts that do not exist. */
    public final Set<String> missing = ConcurrentHashMap.newKeySet();

    /** Ids of customers that do not exist. */
    public final Set<String> unknown = ConcurrentHashMap.newKeySet();

    /** Records that are not as all others are, by their ids. */
    public final Map<String, String> records = new ConcurrentHashMap<>();

    /** The ids of each query. */
    public final List<List<String>> queries = new CopyOnWriteArrayList<>();

    /** The id of each record that was asked for by itself. */
    public final List<String> gets = new CopyOnWriteArrayList<>();

    /** The customers of each call for usage. */
    public final List<List<String>> reports = new CopyOnWriteArrayList<>();

    /** Answers a query otherwise; null for the sound answer. */
    public volatile Function<List<String>, Answer> onQuery = ids -> null;

    /** Answers a call for a record otherwise; null for the sound answer. */
    public volatile Function<String, Answer> onGet = id -> null;

    /** Answers a call for usage otherwise; null for the sound answer. */
    public volatile Function<List<String>, Answer> onReport = ids -> null;

    /** How long a call takes, in ms. */
    public volatile long latencyMillis;

    /** Most calls to NetSuite that are answered at once; the others are refused. */
    public volatile int netsuiteLimit = Integer.MAX_VALUE;

    /** Calls to NetSuite that were refused for that. */
    public final AtomicInteger refused = new AtomicInteger();

    private final AtomicInteger inFlight = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;

    public ManyApis() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public String baseUrl() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange call) throws IOException {
        String body = new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String path = call.getRequestURI().getPath();
        boolean ofNetsuite = path.startsWith(RECORDS) || path.endsWith("/suiteql");
        boolean tooMany = ofNetsuite && inFlight.incrementAndGet() > netsuiteLimit;
        Answer answer;
        if (tooMany) {
            refused.incrementAndGet();
            answer = netsuiteError(429, "CONCURRENCY_LIMIT_EXCEEDED", "too many at once");
        } else if (path.startsWith(RECORDS)) {
            answer = get(path.substring(RECORDS.length()));
        } else if (path.endsWith("/suiteql")) {
            answer = query(JSON.readTree(body).get("q").asText());
        } else {
            answer = report(
                    call.getRequestMethod().equals("POST")
                            ? customers(JSON.readTree(body))
                            : customers(call.getRequestURI().getRawQuery()));
        }
        if (!tooMany) {
            pause();
        }
        if (ofNetsuite) {
            inFlight.decrementAndGet();
        }
        if (answer.equals(Answer.NONE)) {
            call.close();
            return;
        }
        byte[] bytes = answer.body.getBytes(StandardCharsets.UTF_8);
        call.getResponseHeaders()
                .set("Content-Type", answer.status < 400 ? "application/json" : "application/problem+json");
        call.sendResponseHeaders(answer.status, bytes.length);
        call.getResponseBody().write(bytes);
        call.close();
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(latencyMillis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** How many contracts NetSuite was asked for, those of queries included. */
    public int contractsAsked() {
        return gets.size() + queries.stream().mapToInt(List::size).sum();
    }

    private Answer get(String id) {
        gets.add(id);
        Answer otherwise = onGet.apply(id);
        if (otherwise != null) {
            return otherwise;
        }
        return missing.contains(id)
                ? netsuiteError(404, "NONEXISTENT_ID", "no record " + id)
                : new Answer(200, record(id).toString());
    }

    private ObjectNode record(String id) {
        try {
            ObjectNode record = (ObjectNode) JSON.readTree(records.getOrDefault(id, """
                    {"name":"CON %s","custrecord_contract_status":{"id":"2","refName":"Active"},
                     "custrecord_contracts_start_date":"2026-01-01","custrecord_contracts_end_date":"2026-12-31",
                     "custrecord_swe_contract_value_olr":12000.50,"currency":{"id":"1","refName":"USD"}}""".formatted(id)));
            record.putArray("links").addObject().put("rel", "self").put("href", RECORDS + id);
            return record.put("id", id);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Answer query(String query) {
        Matcher in = IDS.matcher(query);
        List<String> ids = in.find() ? List.of(in.group(1).split(",")) : List.of();
        queries.add(ids);
        Answer otherwise = onQuery.apply(ids);
        return otherwise != null
                ? otherwise
                : new Answer(200, page(rows(ids, query), false).toString());
    }

    /** The rows of the records that exist, as the query selects them. */
    public List<ObjectNode> rows(List<String> ids, String query) {
        return ids.stream()
                .filter(id -> !missing.contains(id) && !id.equals("0"))
                .map(id -> row(record(id), query))
                .toList();
    }

    private static ObjectNode row(ObjectNode record, String query) {
        ObjectNode row = JSON.createObjectNode();
        row.putArray("links");
        Matcher column = COLUMN.matcher(query);
        while (column.find()) {
            String function = column.group(1);
            JsonNode value = record.path(function == null ? column.group(3) : column.group(2));
            JsonNode selected = "BUILTIN.DF".equals(function) ? value.path("refName") : value;
            if (!selected.isMissingNode() && !selected.isNull()) {
                row.put(
                        column.group(4),
                        selected.isObject()
                                ? selected.path("id").asText()
                                : selected.isNumber() ? selected.decimalValue().toPlainString() : selected.asText());
            }
        }
        return row;
    }

    /** A page of a query. */
    public static ObjectNode page(List<? extends JsonNode> rows, boolean more) {
        ObjectNode page = JSON.createObjectNode()
                .put("count", rows.size())
                .put("hasMore", more)
                .put("offset", 0);
        page.putArray("items").addAll(rows);
        return page;
    }

    private static List<String> customers(String query) {
        return Arrays.stream(query.split("&"))
                .filter(parameter -> parameter.startsWith("filterCustomerId="))
                .map(parameter -> URLDecoder.decode(parameter.replaceFirst(".*?=", ""), StandardCharsets.UTF_8))
                .toList();
    }

    private static List<String> customers(JsonNode body) {
        List<String> customers = new ArrayList<>();
        body.get("filterCustomerId").forEach(id -> customers.add(id.asText()));
        return customers;
    }

    private Answer report(List<String> customers) {
        reports.add(customers);
        Answer otherwise = onReport.apply(customers);
        if (otherwise != null) {
            return otherwise;
        }
        for (String customer : customers) {
            if (unknown.contains(customer)) {
                return usageProblem(404, "customer " + customer + " not found");
            }
        }
        return new Answer(200, usage(customers).toString());
    }

    /** A report of customers, each with as much usage as the digits of its id say, and without a row where that is 0. */
    public static ObjectNode usage(List<String> customers) {
        ObjectNode report = JSON.createObjectNode()
                .put("from", "2026-10-01T00:00:00Z")
                .put("to", "2026-11-01T00:00:00Z")
                .put("windowSize", "MONTH");
        ArrayNode rows = report.putArray("data");
        for (String customer : customers) {
            long value = Long.parseLong("0" + customer.replaceAll("\\D", ""));
            if (value > 0) {
                rows.addObject()
                        .put("value", value)
                        .put("windowStart", "2026-10-01T00:00:00Z")
                        .put("windowEnd", "2026-11-01T00:00:00Z")
                        .put("customerId", customer);
            }
        }
        return report;
    }

    public static Answer netsuiteError(int status, String code, String detail) {
        return new Answer(
                status,
                "{\"type\":\"about:blank\",\"title\":\"Error\",\"status\":" + status
                        + ",\"o:errorDetails\":[{\"detail\":\"" + detail + "\",\"o:errorCode\":\"" + code + "\"}]}");
    }

    public static Answer usageProblem(int status, String detail) {
        return new Answer(
                status,
                "{\"type\":\"about:blank\",\"title\":\"Error\",\"status\":" + status + ",\"detail\":\"" + detail
                        + "\"}");
    }
}
