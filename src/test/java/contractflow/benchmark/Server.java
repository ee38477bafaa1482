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

/** The process of {@link SimulatedApis}, as the benchmark sees it. */
final class Server implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final Process process;
    private final String address;

    Server() throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SimulatedApis.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        address = "http://127.0.0.1:" + output.readLine();
    }

    /** Where both APIs are. */
    String address() {
        return address;
    }

    /** Sets the limits, and forgets what was counted. */
    void set(Limits netsuite, Limits usage) throws IOException, InterruptedException {
        ObjectNode scenario = JSON.createObjectNode();
        scenario.set("netsuite", netsuite.json());
        scenario.set("usage", usage.json());
        send(HttpRequest.newBuilder(URI.create(address + "/scenario"))
                .POST(HttpRequest.BodyPublishers.ofString(scenario.toString()))
                .build());
    }

    /** What both APIs have seen since their limits were set. */
    JsonNode counts() throws IOException, InterruptedException {
        return JSON.readTree(send(HttpRequest.newBuilder(URI.create(address + "/counts")).build()));
    }

    private String send(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    @Override
    public void close() {
        process.destroy();
    }

    /**
     * What an API bears; 0 is no limit.
     *
     * @param latencyMillis how long each answer takes
     */
    record Limits(int latencyMillis, int concurrency, int perSecond) {

        static final Limits NONE = new Limits(0, 0, 0);

        ObjectNode json() {
            ObjectNode json = JSON.createObjectNode().put("latency", latencyMillis);
            if (concurrency > 0) {
                json.put("concurrency", concurrency);
            }
            if (perSecond > 0) {
                json.put("perSecond", perSecond);
            }
            return json;
        }
    }
}
