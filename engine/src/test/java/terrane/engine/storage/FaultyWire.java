package terrane.engine.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// A wire to a server that can be made to fail: requests go through as long as it is up, answers do
/// as [Mode] says.
final class FaultyWire implements AutoCloseable {
    /// What becomes of connections and answers.
    enum Mode {
        PASSES,
        /// Connections are closed as soon as they are opened.
        REFUSES,
        /// The request reaches the server, its answer is thrown away and the connection closed.
        LOSES_ANSWERS,
        /// The request reaches the server, its answer never arrives.
        IS_SILENT,
        /// The connection is closed after 100,000 bytes of answers.
        CUTS_ANSWERS
    }

    private static final int CUT_AFTER_BYTES = 100_000;

    private final ServerSocket listener;
    private final URI server;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger faults = new AtomicInteger();
    private final AtomicInteger faultsLeft = new AtomicInteger(Integer.MAX_VALUE);
    private volatile Mode mode = Mode.PASSES;

    FaultyWire(URI server) throws IOException {
        this.server = server;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    /// From now on, also on connections that are open.
    void become(Mode next) {
        faultsLeft.set(Integer.MAX_VALUE);
        mode = next;
    }

    /// Fails so often, and passes from then on.
    void become(Mode next, int times) {
        faultsLeft.set(times);
        mode = next;
    }

    int faults() {
        return faults.get();
    }

    private boolean fails(Mode how) {
        if (mode != how || faultsLeft.getAndDecrement() <= 0) {
            return false;
        }
        faults.incrementAndGet();
        return true;
    }

    private void accept() {
        try {
            while (true) {
                var client = listener.accept();
                if (fails(Mode.REFUSES)) {
                    client.close();
                    continue;
                }
                sockets.add(client);
                var upstream = new Socket(server.getHost(), server.getPort());
                sockets.add(upstream);
                Thread.ofVirtual().start(() -> requests(client, upstream));
                Thread.ofVirtual().start(() -> answers(upstream, client));
            }
        } catch (IOException e) {
            return; // closed
        }
    }

    private static void requests(Socket client, Socket upstream) {
        try (client;
                upstream) {
            client.getInputStream().transferTo(upstream.getOutputStream());
        } catch (IOException e) {
            return; // one end has gone, and so goes the other
        }
    }

    private void answers(Socket upstream, Socket client) {
        try (client;
                upstream) {
            pump(upstream.getInputStream(), client.getOutputStream());
        } catch (IOException e) {
            return; // one end has gone, and so goes the other
        }
    }

    private void pump(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[16_384];
        long passed = 0;
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            if (fails(Mode.LOSES_ANSWERS)
                    || (passed > CUT_AFTER_BYTES && fails(Mode.CUTS_ANSWERS))) {
                return;
            }
            if (fails(Mode.IS_SILENT)) {
                continue;
            }
            out.write(buffer, 0, read);
            passed += read;
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (var socket : sockets) {
            socket.close();
        }
    }
}
