package contractflow.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;

/** The server of a process, as monitoring sees it from outside. */
public final class Observed {

    /** As Prometheus asks. */
    private static final String ACCEPT = "application/openmetrics-text;version=1.0.0,"
            + "application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

    private final HttpClient client = HttpClient.newHttpClient();
    private final int port;

    /** One that is to be started, on a port that is free. */
    public Observed() {
        this(freePort());
    }

    /** One that listens on a port. */
    public Observed(int port) {
        this.port = port;
    }

    /** Settings that start it. */
    public Map<String, String> settings() {
        return Map.of(
                "camel.server.enabled", "true",
                "camel.management.enabled", "true",
                "camel.metrics.enabled", "true",
                "server.port", String.valueOf(port));
    }

    /** Its metrics at this moment. */
    public Scrape scrape() {
        return Scrape.of(get("metrics").body());
    }

    /** The same, in the text format that promtool reads. */
    public String metrics() {
        return get("metrics", "*/*").body();
    }

    /** What it answers under {@code /observe/}. */
    public HttpResponse<String> get(String what) {
        return get(what, what.equals("metrics") ? ACCEPT : "*/*");
    }

    private HttpResponse<String> get(String what, String accept) {
        URI uri = URI.create("http://127.0.0.1:" + port + "/observe/" + what);
        try {
            return client.send(
                    HttpRequest.newBuilder(uri).header("Accept", accept).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int freePort() {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
