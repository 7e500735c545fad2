package terrane.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import terrane.core.Address;
import terrane.core.TerraneException;
import terrane.core.time.SystemClock;
import terrane.core.time.Threads;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/// Channels over real sockets on loopback: ordered, bounded, and closed when the other side is gone
/// or silent.
@Timeout(60)
class GrpcTransportTest {
    private static final Address ANY = new Address("127.0.0.1", 0);
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SILENCE_MAX = Duration.ofMillis(300);

    private final SystemClock clock = new SystemClock();
    private final GrpcTransport transport = new GrpcTransport(clock, SILENCE_MAX);
    private final BlockingQueue<Transport.Channel> accepted = new LinkedBlockingQueue<>();
    private final CountDownLatch done = new CountDownLatch(1);

    private Transport.Listener listen() {
        return transport.listen(
                ANY,
                channel -> {
                    accepted.add(channel);
                    try {
                        done.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    @AfterEach
    void close() {
        done.countDown();
        transport.close();
    }

    @Test
    void messagesArriveInOrderBothWays() throws InterruptedException {
        var client = transport.dial(listen().address(), LONG);
        var server = accepted.take();
        for (int i = 0; i < 1_000; i++) {
            client.send(new byte[] {(byte) i, 1});
            server.send(new byte[] {(byte) i, 2});
        }
        for (int i = 0; i < 1_000; i++) {
            assertThat(server.receive()).containsExactly((byte) i, 1);
            assertThat(client.receive()).containsExactly((byte) i, 2);
        }
    }

    @Test
    void largestMessageFitsAndALargerOneIsRefused() throws InterruptedException {
        var client = transport.dial(listen().address(), LONG);
        var server = accepted.take();
        client.send(new byte[Transport.Channel.MESSAGE_BYTES_MAX]);
        assertThat(server.receive()).hasSize(Transport.Channel.MESSAGE_BYTES_MAX);
        server.send(new byte[Transport.Channel.MESSAGE_BYTES_MAX]);
        assertThat(client.receive()).hasSize(Transport.Channel.MESSAGE_BYTES_MAX);
        assertThatThrownBy(() -> client.send(new byte[Transport.Channel.MESSAGE_BYTES_MAX + 1]))
                .isInstanceOf(TerraneException.Rejected.class);
    }

    @Test
    void receiverThatDoesNotReceiveStopsTheSenderAndStaysConnected() throws InterruptedException {
        var client = transport.dial(listen().address(), LONG);
        var server = accepted.take();
        var message = new byte[100_000];
        int sent = 0;
        while (client.send(message, SILENCE_MAX.multipliedBy(3))) {
            sent++;
        }
        // What is read ahead, one window each way, and what gRPC itself buffers.
        assertThat(sent * 100_000L).isLessThan(12 << 20);
        for (int i = 0; i < sent; i++) {
            assertThat(server.receive()).hasSize(message.length);
        }
        client.send(message);
        assertThat(server.receive()).hasSize(message.length);
    }

    @Test
    void idleChannelStaysOpen() throws InterruptedException {
        var client = transport.dial(listen().address(), LONG);
        var server = accepted.take();
        clock.sleep(SILENCE_MAX.multipliedBy(3)); // what is to be shown is that nothing happens
        client.send(new byte[] {1});
        assertThat(server.receive()).containsExactly(1);
    }

    @Test
    void cutOffPeerIsNoticedBySilence() throws Exception {
        var listener = listen();
        try (var relay = new Relay(listener.address())) {
            var client = transport.dial(relay.address(), LONG);
            var server = accepted.take();
            client.send(new byte[] {1});
            assertThat(server.receive()).containsExactly(1);
            long cutNanos = clock.nanos();
            relay.cut();
            assertThatThrownBy(client::receive)
                    .isInstanceOf(TerraneException.Unavailable.class)
                    .hasMessageContaining("silent");
            assertThatThrownBy(server::receive).isInstanceOf(TerraneException.Unavailable.class);
            assertThat(clock.nanos() - cutNanos).isLessThan(LONG.toNanos() / 3);
        }
    }

    @Test
    void closedTransportEndsItsPeers() throws InterruptedException {
        var other = new GrpcTransport(clock);
        var client = other.dial(listen().address(), LONG);
        var server = accepted.take();
        other.close();
        assertThatThrownBy(server::receive).isInstanceOf(TerraneException.Unavailable.class);
        assertThatThrownBy(client::receive).isInstanceOf(TerraneException.Unavailable.class);
        assertThatThrownBy(() -> client.send(new byte[1]))
                .isInstanceOf(TerraneException.Unavailable.class);
    }

    @Test
    void nobodyAtTheAddressIsUnavailableAtOnce() {
        var listener = listen();
        listener.close();
        assertThatThrownBy(() -> transport.dial(listener.address(), LONG))
                .isInstanceOf(TerraneException.Unavailable.class);
        assertThatThrownBy(() -> transport.dial(new Address("no-such-host.invalid", 1), LONG))
                .isInstanceOf(TerraneException.Unavailable.class);
    }

    @Test
    void silentListenerIsUnavailableAfterTheDeadline() throws IOException {
        try (var mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var address = new Address("127.0.0.1", mute.getLocalPort());
            assertThatThrownBy(() -> transport.dial(address, Duration.ofMillis(100)))
                    .isInstanceOf(TerraneException.Unavailable.class)
                    .hasMessageContaining("no answer");
        }
    }

    @Test
    void addressInUseIsRefused() {
        var listener = listen();
        assertThatThrownBy(() -> transport.listen(listener.address(), channel -> {}))
                .isInstanceOf(TerraneException.Rejected.class)
                .hasMessageContaining("in use");
    }

    /// Passes bytes on between two sockets until it is cut; then the sockets stay open, silent.
    private static final class Relay implements AutoCloseable {
        private final ServerSocket listening =
                new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final BlockingQueue<Socket> sockets = new LinkedBlockingQueue<>();
        private final Address target;
        private volatile boolean cut;

        Relay(Address target) throws IOException {
            this.target = target;
            Threads.virtual("relay", this::accept);
        }

        Address address() {
            return new Address("127.0.0.1", listening.getLocalPort());
        }

        private void accept() {
            try {
                var inner = listening.accept();
                var outer = new Socket(target.host(), target.port());
                sockets.add(inner);
                sockets.add(outer);
                Threads.virtual("relay-in", () -> copy(inner, outer));
                Threads.virtual("relay-out", () -> copy(outer, inner));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        private void copy(Socket from, Socket to) {
            var buffer = new byte[8_192];
            try {
                int count = from.getInputStream().read(buffer);
                while (count > 0 && !cut) {
                    to.getOutputStream().write(buffer, 0, count);
                    count = from.getInputStream().read(buffer);
                }
            } catch (IOException e) {
                cut = true; // closed
            }
        }

        void cut() {
            cut = true;
        }

        @Override
        public void close() throws IOException {
            listening.close();
            for (var socket : sockets) {
                socket.close();
            }
        }
    }
}
