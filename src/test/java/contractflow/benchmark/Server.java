package contractflow.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** {@link SimulatedApis}, as a benchmark sees them. */
public final class Server implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final AutoCloseable apis;
    private final String address;

    private Server(int port, AutoCloseable apis) {
        this.address = "http://127.0.0.1:" + port;
        this.apis = apis;
    }

    /** In this process. */
    public static Server inside() {
        SimulatedApis apis = new SimulatedApis();
        return new Server(apis.start(), apis);
    }

    /** In a process of their own. */
    static Server beside() throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SimulatedApis.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        return new Server(Integer.parseInt(output.readLine()), process::destroy);
    }

    /** Where both APIs are. */
    public String address() {
        return address;
    }

    /** Sets the limits, and forgets what was counted. */
    public void set(Limits netsuite, Limits usage) throws IOException, InterruptedException {
        post("/scenario", netsuite, usage, 0, 0);
    }

    /**
     * Sets the limits, and that some records do not exist.
     *
     * @param missingEvery one contract of so many
     * @param unknownEvery one customer of so many
     */
    void set(Limits netsuite, Limits usage, int missingEvery, int unknownEvery)
            throws IOException, InterruptedException {
        post("/scenario", netsuite, usage, missingEvery, unknownEvery);
    }

    /** Changes the limits, and goes on counting. */
    public void change(Limits netsuite, Limits usage) throws IOException, InterruptedException {
        post("/limits", netsuite, usage, 0, 0);
    }

    private void post(String path, Limits netsuite, Limits usage, int missingEvery, int unknownEvery)
            throws IOException, InterruptedException {
        ObjectNode scenario =
                JSON.createObjectNode().put("missingEvery", missingEvery).put("unknownEvery", unknownEvery);
        scenario.set("netsuite", netsuite.json());
        scenario.set("usage", usage.json());
        send(HttpRequest.newBuilder(URI.create(address + path))
                .POST(HttpRequest.BodyPublishers.ofString(scenario.toString()))
                .build());
    }

    /** What both APIs have seen since their limits were set. */
    public JsonNode counts() throws IOException, InterruptedException {
        return JSON.readTree(
                send(HttpRequest.newBuilder(URI.create(address + "/counts")).build()));
    }

    private String send(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    @Override
    public void close() throws IOException {
        try {
            apis.close();
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    /**
     * What an API bears; 0 is no limit.
     *
     * @param latencyMillis how long each answer takes
     * @param status of a refusal; 503 comes without a code, and with 0 the connection is closed instead
     * @param retryAfter seconds that a refusal asks to wait; 0 where it does not say
     */
    public record Limits(int latencyMillis, int concurrency, int perSecond, int status, int retryAfter) {

        public static final Limits NONE = new Limits(0, 0, 0);

        public Limits(int latencyMillis, int concurrency, int perSecond) {
            this(latencyMillis, concurrency, perSecond, 429, 0);
        }

        ObjectNode json() {
            ObjectNode json =
                    JSON.createObjectNode().put("latency", latencyMillis).put("status", status);
            if (concurrency > 0) {
                json.put("concurrency", concurrency);
            }
            if (perSecond > 0) {
                json.put("perSecond", perSecond);
            }
            if (retryAfter > 0) {
                json.put("retryAfter", retryAfter);
            }
            return json;
        }
    }
}
