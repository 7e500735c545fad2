package terrane.wire.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import terrane.core.Address;
import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.time.SystemClock;
import terrane.wire.GrpcTransport;
import terrane.wire.Transport;
import terrane.wire.rpc.Connections.Lane;

import java.time.Duration;

/// Connections are made once, made again after a loss, and not tried without a pause.
@Timeout(60)
class ConnectionsTest {
    private static final Address ANY = new Address("127.0.0.1", 0);

    private final SystemClock clock = new SystemClock();
    private final GrpcTransport transport = new GrpcTransport(clock);
    private final Connections connections =
            new Connections(transport, RequestServer.none(), clock, Duration.ofSeconds(10));

    @AfterEach
    void close() {
        connections.close();
        transport.close();
    }

    private Transport.Listener listen(Address at) {
        return transport.listen(
                at,
                channel -> {
                    try {
                        RpcPeer.start(channel, new EchoServer(), clock).awaitClosed();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    @Test
    void oneConnectionServesAllWhoAskForALane() throws InterruptedException {
        var address = listen(ANY).address();
        var first = connections.to(address, Lane.ORDERED);
        assertThat(connections.to(address, Lane.ORDERED)).isSameAs(first);
        assertThat(connections.to(address, Lane.SCANS)).isNotSameAs(first);
    }

    @Test
    void lostConnectionIsDialledAgain() throws InterruptedException {
        var listener = listen(ANY);
        var address = listener.address();
        var first = connections.to(address, Lane.ORDERED);
        listener.close();
        first.awaitClosed();
        assertThatThrownBy(() -> connections.to(address, Lane.ORDERED))
                .isInstanceOf(TerraneException.Unavailable.class);
        listen(address);
        await().ignoreExceptionsInstanceOf(TerraneException.Unavailable.class)
                .until(() -> connections.to(address, Lane.ORDERED).isOpen());
    }

    @Test
    void failureIsNotRepeatedAtOnce() {
        var listener = listen(ANY);
        listener.close();
        assertThatThrownBy(() -> connections.to(listener.address(), Lane.ORDERED))
                .isInstanceOf(TerraneException.Unavailable.class);
        assertThatThrownBy(() -> connections.to(listener.address(), Lane.ORDERED))
                .isInstanceOfSatisfying(
                        TerraneException.Unavailable.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(ErrorCode.UNREACHABLE);
                            assertThat(e.retryAfter()).isLessThan(Duration.ofMillis(11));
                            assertThat(e).hasMessageContaining("a moment ago");
                        });
    }

    @Test
    void closedConnectionsRefuse() throws InterruptedException {
        var address = listen(ANY).address();
        var peer = connections.to(address, Lane.ORDERED);
        connections.close();
        peer.awaitClosed();
        assertThatThrownBy(() -> connections.to(address, Lane.ORDERED))
                .isInstanceOf(TerraneException.Unavailable.class);
    }
}
