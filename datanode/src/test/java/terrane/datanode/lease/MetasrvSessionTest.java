package terrane.datanode.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import terrane.core.Address;
import terrane.core.ErrorCode;
import terrane.core.Incarnation;
import terrane.core.Node;
import terrane.core.PeerId;
import terrane.core.TerraneException;
import terrane.core.time.SystemClock;
import terrane.wire.GrpcTransport;
import terrane.wire.rpc.RequestServer;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Shows, with two metasrvs over real connections, what a node that cannot register says.
class MetasrvSessionTest {
    private final SystemClock clock = new SystemClock();
    private final GrpcTransport transport = new GrpcTransport(clock);
    private final FakeMetasrv first = new FakeMetasrv(transport, clock, Duration.ofSeconds(3));
    private final FakeMetasrv second = new FakeMetasrv(transport, clock, Duration.ofSeconds(3));
    private final MetasrvSession session = session();

    private MetasrvSession session() {
        var somewhere = new Address("127.0.0.1", 1);
        var node = new Node(new PeerId(1), new Incarnation(1, 1));
        return new MetasrvSession(
                transport,
                List.of(first.address(), second.address()),
                new MetasrvSession.Identity(node, somewhere, somewhere, "test"),
                RequestServer.none(),
                _ -> Optional.empty(),
                clock);
    }

    @AfterEach
    void close() {
        session.close();
        first.close();
        second.close();
        transport.close();
    }

    @Test
    void nodeSaysThatStorageIsAwayAndNotThatNobodyLeads() {
        first.leads();
        first.saysThatStorageIsAway();
        assertThatThrownBy(session::connect)
                .isInstanceOf(TerraneException.Unavailable.class)
                .extracting(e -> ((TerraneException) e).code())
                .isEqualTo(ErrorCode.STORAGE_UNAVAILABLE);
        assertThat(first.registrations()).isZero();
    }

    @Test
    void nodeSaysThatNobodyLeads() {
        assertThatThrownBy(session::connect)
                .isInstanceOf(TerraneException.Unavailable.class)
                .extracting(e -> ((TerraneException) e).code())
                .isEqualTo(ErrorCode.NO_METASRV_LEADER);
    }
}
