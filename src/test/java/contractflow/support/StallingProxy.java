package contractflow.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What stands between us and a server, and can lose connections without a word to either side, as a firewall does. */
public final class StallingProxy implements AutoCloseable {

    private final ServerSocket server;
    private final int target;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private volatile Object generation = new Object();

    /**
     * @param jdbcUrl of a database on this machine
     */
    public StallingProxy(String jdbcUrl) throws IOException {
        target = URI.create(jdbcUrl.substring("jdbc:".length())).getPort();
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start("accept", this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Forwards nothing more on the connections that there are; later ones are as good as before. */
    public void stall() {
        generation = new Object();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                Socket behind = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(client);
                sockets.add(behind);
                Object born = generation;
                start("forth", () -> forward(client, behind, born));
                start("back", () -> forward(behind, client, born));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void forward(Socket from, Socket to, Object born) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[8192];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (born == generation) {
                    out.write(buffer, 0, read);
                }
            }
            if (born == generation) {
                to.close();
            }
        } catch (IOException closed) {
            // So is this one.
        }
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
