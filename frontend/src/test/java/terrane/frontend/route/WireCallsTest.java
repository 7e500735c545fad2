package terrane.frontend.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import terrane.core.Address;
import terrane.core.Epoch;
import terrane.core.TableId;
import terrane.core.TerraneException.NotLeader;
import terrane.core.TerraneException.Unavailable;
import terrane.core.scan.ScanSpec;
import terrane.core.scan.TimeRange;
import terrane.core.time.SystemClock;
import terrane.frontend.FakeCluster;
import terrane.wire.GrpcTransport;
import terrane.wire.Reply;
import terrane.wire.Request;
import terrane.wire.Transport;
import terrane.wire.datanode.DataRequest.Describe;
import terrane.wire.datanode.DataRequest.Scan;
import terrane.wire.datanode.DataRequest.ScanChunk;
import terrane.wire.metasrv.ClientRequest.ListNodes;
import terrane.wire.metasrv.ClientRequest.Nodes;
import terrane.wire.rpc.Connections;
import terrane.wire.rpc.ReplySink;
import terrane.wire.rpc.RequestServer;
import terrane.wire.rpc.RpcPeer;

import java.time.Duration;
import java.util.List;

/// Asks a server of our own over a real connection: answers, refusals with their hint, and streams
/// arrive as they were sent.
class WireCallsTest {
    private static final Duration SOON = Duration.ofSeconds(5);

    private final SystemClock clock = new SystemClock();
    private final GrpcTransport transport = new GrpcTransport(clock);
    private final Connections connections =
            new Connections(transport, RequestServer.none(), clock, SOON);
    private final WireCalls calls = new WireCalls(connections);
    private Transport.Listener listener;

    @BeforeEach
    void listen() {
        listener = transport.listen(new Address("127.0.0.1", 0), this::serve);
    }

    private void serve(Transport.Channel channel) {
        try {
            RpcPeer.start(channel, new Answers(), clock).awaitClosed();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void close() {
        connections.close();
        listener.close();
        transport.close();
    }

    private static final class Answers implements RequestServer {
        @Override
        public Reply answer(Request<?> request, RpcPeer from) {
            if (request instanceof Describe describe) {
                throw FakeCluster.elsewhere(FakeCluster.hint(describe.region(), 3, 2));
            }
            return new Nodes(List.of());
        }

        @Override
        public void stream(Request<?> request, ReplySink parts, RpcPeer from)
                throws InterruptedException {
            parts.send(new ScanChunk(1, new byte[] {7}));
            parts.send(new ScanChunk(2, new byte[0]));
        }
    }

    @Test
    void answersAndHintsArriveAsTheyWereSent() throws InterruptedException {
        var to = listener.address();
        assertThat(calls.call(to, new ListNodes(), SOON)).isEqualTo(new Nodes(List.of()));
        var region = TableId.FIRST.region(0);
        assertThatThrownBy(() -> calls.call(to, new Describe(region), SOON))
                .isInstanceOfSatisfying(
                        NotLeader.class,
                        e -> assertThat(e.hint()).contains(FakeCluster.hint(region, 3, 2)));
    }

    @Test
    void partsArriveInOrder() throws InterruptedException {
        var spec = new ScanSpec(List.of(), TimeRange.ALL, List.of(), ScanSpec.NO_LIMIT);
        var leader = FakeCluster.node(1).incarnation();
        var scan = new Scan(TableId.FIRST.region(0), new Epoch(1), leader, spec);
        try (var stream = calls.stream(listener.address(), scan, SOON)) {
            assertThat(stream.next().orElseThrow().rowCount()).isEqualTo(1);
            assertThat(stream.next().orElseThrow().rowCount()).isEqualTo(2);
            assertThat(stream.next()).isEmpty();
        }
    }

    @Test
    void nobodyThereMeansNothingWasDone() {
        var nobody = new Address("127.0.0.1", 1);
        assertThatThrownBy(() -> calls.call(nobody, new ListNodes(), SOON))
                .isInstanceOf(Unavailable.class);
    }
}
