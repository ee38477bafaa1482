package contractflow.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A real forward proxy: CONNECT for what is encrypted, absolute addresses for what is not. It alone knows the hosts of a test, which no
 * resolver does, so a call that reaches one of them has gone through it.
 */
public final class ForwardProxy implements AutoCloseable {

    private final ServerSocket server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    private final Map<String, Integer> ports;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile String authorization;
    private volatile String refusal;
    private volatile String only = "";

    /**
     * @param ports of this machine, by the host that is there in the proxy's eyes
     */
    public ForwardProxy(Map<String, Integer> ports) throws IOException {
        this.ports = ports;
        start(this::serve);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Lets nothing through for anybody else. */
    public ForwardProxy demand(String user, String password) {
        authorization =
                "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /**
     * Answers everything with a page from now on.
     *
     * @param status such as 403 Forbidden
     */
    public ForwardProxy refuse(String status) {
        refusal = status;
        return this;
    }

    /**
     * Demands and refuses only for some requests from now on.
     *
     * @param method such as CONNECT
     */
    public ForwardProxy only(String method) {
        only = method;
        return this;
    }

    /** The request lines so far, without the version. */
    public List<String> requests() {
        return requests;
    }

    private void serve() throws IOException {
        while (true) {
            Socket client = server.accept();
            start(() -> {
                try (client) {
                    answer(client);
                }
            });
        }
    }

    private void answer(Socket client) throws IOException {
        InputStream in = client.getInputStream();
        OutputStream out = client.getOutputStream();
        List<String> head = head(in);
        if (head.isEmpty()) {
            return;
        }
        String[] line = head.get(0).split(" ");
        requests.add(line[0] + " " + line[1]);
        String shown = head.stream()
                .filter(h -> h.startsWith("Proxy-Authorization: "))
                .findFirst()
                .orElse("");
        boolean free = !line[0].startsWith(only);
        if (!free && authorization != null && !shown.equals("Proxy-Authorization: " + authorization)) {
            page(out, "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"tests\"", shown);
        } else if (!free && refusal != null) {
            page(out, refusal, shown);
        } else if (line[0].equals("CONNECT")) {
            Integer port = ports.get(line[1].replaceFirst(":\\d+$", ""));
            if (port == null) {
                page(out, "502 Bad Gateway", "no such host");
                return;
            }
            try (Socket target = new Socket(InetAddress.getLoopbackAddress(), port)) {
                write(out, "HTTP/1.1 200 Connection established\r\n\r\n");
                start(() -> in.transferTo(target.getOutputStream()));
                target.getInputStream().transferTo(out);
            }
        } else {
            forward(URI.create(line[1]), line[0], head, in, out);
        }
    }

    private void forward(URI uri, String method, List<String> head, InputStream in, OutputStream out)
            throws IOException {
        Integer port = ports.get(uri.getHost());
        if (port == null) {
            page(out, "502 Bad Gateway", "no such host");
            return;
        }
        try (Socket target = new Socket(InetAddress.getLoopbackAddress(), port)) {
            StringBuilder request = new StringBuilder(method + " " + uri.getRawPath());
            request.append(uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery())
                    .append(" HTTP/1.1\r\nConnection: close\r\n");
            int length = 0;
            for (String header : head.subList(1, head.size())) {
                String name = header.substring(0, header.indexOf(':')).toLowerCase(Locale.ROOT);
                length = name.equals("content-length")
                        ? Integer.parseInt(header.substring(15).strip())
                        : length;
                request.append(name.startsWith("proxy-") || name.equals("connection") ? "" : header + "\r\n");
            }
            write(target.getOutputStream(), request + "\r\n");
            target.getOutputStream().write(in.readNBytes(length));
            target.getInputStream().transferTo(out);
        }
    }

    private static void page(OutputStream out, String status, String text) throws IOException {
        String page = "<html><body>" + text + "</body></html>";
        write(
                out,
                "HTTP/1.1 " + status + "\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: "
                        + page.length() + "\r\n\r\n" + page);
    }

    /** The lines of a request up to the empty one; none where the client has gone. */
    public static List<String> head(InputStream in) throws IOException {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (c == '\n') {
                if (line.isEmpty()) {
                    return lines;
                }
                lines.add(line.toString());
                line.setLength(0);
            } else if (c != '\r') {
                line.append((char) c);
            }
        }
        return List.of();
    }

    public static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    /** Something that ends with the connection that it uses. */
    public interface Talk {
        void go() throws IOException;
    }

    public static void start(Talk talk) {
        Thread thread = new Thread(
                () -> {
                    try {
                        talk.go();
                    } catch (IOException closed) {
                        // One side has gone.
                    }
                },
                "test-server");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
