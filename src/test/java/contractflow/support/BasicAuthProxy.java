package contractflow.support;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A real nginx that asks for a password before it passes a request on: the one of this machine. */
public final class BasicAuthProxy implements AutoCloseable {

    static final String USER = "morning";
    static final String PASSWORD = "marked-proxy-password";

    private final Process process;
    private final int port;

    private BasicAuthProxy(Path nginx, int target) throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path folder = Files.createTempDirectory("nginx");
        Files.writeString(folder.resolve("users"), USER + ":{PLAIN}" + PASSWORD + "\n");
        // One process, so that nothing is left when it ends.
        Path configuration = Files.writeString(folder.resolve("nginx.conf"), """
                daemon off;
                master_process off;
                pid nginx.pid;
                error_log stderr;
                events {}
                http {
                  access_log off;
                  client_body_temp_path body;
                  proxy_temp_path proxy;
                  fastcgi_temp_path fastcgi;
                  uwsgi_temp_path uwsgi;
                  scgi_temp_path scgi;
                  server {
                    listen 127.0.0.1:%d;
                    auth_basic "ContractFlow";
                    auth_basic_user_file users;
                    location / {
                      proxy_pass http://127.0.0.1:%d;
                      proxy_set_header Host $http_host;
                      proxy_set_header Authorization "";
                    }
                  }
                }
                """.formatted(port, target));
        process = new ProcessBuilder(nginx.toString(), "-p", folder + "/", "-c", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        Awaitility.await().until(() -> answers() || !process.isAlive());
        if (!process.isAlive()) {
            throw new IllegalStateException(Files.readString(folder.resolve("log")));
        }
    }

    /**
     * One in front of a server of this machine; empty where there is no nginx, unless CONTRACTFLOW_NGINX says that it is required.
     *
     * @param target the server's port
     */
    public static Optional<BasicAuthProxy> before(int target) throws IOException {
        Optional<Path> nginx = Stream.concat(
                        Stream.of(System.getenv("PATH").split(File.pathSeparator)), Stream.of("/usr/sbin"))
                .map(folder -> Path.of(folder, "nginx"))
                .filter(Files::isExecutable)
                .findFirst();
        if (nginx.isEmpty()) {
            String missing = "this machine has no nginx; Debian's package is nginx";
            if ("required".equals(System.getenv("CONTRACTFLOW_NGINX"))) {
                throw new IllegalStateException(missing);
            }
            System.out.println("The proxy in front of the page is left out of PageIT: " + missing);
            return Optional.empty();
        }
        return Optional.of(new BasicAuthProxy(nginx.orElseThrow(), target));
    }

    /** Where a browser finds it, with the password. */
    public String urlWithPassword() {
        return "http://" + USER + ":" + PASSWORD + "@127.0.0.1:" + port + "/";
    }

    /** The same for a browser that knows the password already. */
    public String url() {
        return "http://127.0.0.1:" + port + "/";
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
