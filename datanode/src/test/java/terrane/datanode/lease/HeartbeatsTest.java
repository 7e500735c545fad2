package terrane.datanode.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import terrane.core.Address;
import terrane.core.Epoch;
import terrane.core.Incarnation;
import terrane.core.Node;
import terrane.core.PeerId;
import terrane.core.RegionId;
import terrane.core.TerraneException;
import terrane.core.lease.LeaseTerms;
import terrane.core.time.PlatformThreads;
import terrane.core.time.SystemClock;
import terrane.wire.GrpcTransport;
import terrane.wire.metasrv.NodeRequest;
import terrane.wire.rpc.RequestServer;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/// Shows, with two metasrvs over real connections, that leases outlive a metasrv that is slow or
/// silent, and that a slow one is not burdened by it.
class HeartbeatsTest {
    private static final RegionId REGION = new RegionId(7);
    private static final Epoch EPOCH = new Epoch(1);
    private static final Duration LEASE = Duration.ofSeconds(3);
    private static final Duration WAIT_MAX = Duration.ofSeconds(30);

    private final SystemClock clock = new SystemClock();
    private final GrpcTransport transport = new GrpcTransport(clock);
    private final FakeMetasrv first = new FakeMetasrv(transport, clock, LEASE);
    private final FakeMetasrv second = new FakeMetasrv(transport, clock, LEASE);
    private final LeaseTable leases = new LeaseTable(clock);
    private final MetasrvSession session = session(List.of(first.address(), second.address()));
    private final Heartbeats heartbeats =
            new Heartbeats(session, leases, new Idle(), clock, new LeaseTerms(LEASE));

    private MetasrvSession session(List<Address> metasrvs) {
        var somewhere = new Address("127.0.0.1", 1);
        var node = new Node(new PeerId(1), new Incarnation(1, 1));
        return new MetasrvSession(
                transport,
                metasrvs,
                new MetasrvSession.Identity(node, somewhere, somewhere, "test"),
                RequestServer.none(),
                _ -> Optional.empty(),
                clock);
    }

    private record Idle() implements Heartbeats.NodeReport {
        @Override
        public List<NodeRequest.Unreadable> unreadable() {
            return List.of();
        }

        @Override
        public List<NodeRequest.Flushed> regions() {
            return List.of();
        }

        @Override
        public NodeRequest.Load load() {
            return new NodeRequest.Load(0, 0);
        }
    }

    private boolean held() throws InterruptedException {
        return leases.awaitHeld(REGION, EPOCH, WAIT_MAX);
    }

    @AfterEach
    void close() {
        heartbeats.close();
        first.close();
        second.close();
        transport.close();
    }

    @Test
    void lateAnswerRenewsTheLeaseAndNobodyRegistersAgain() throws InterruptedException {
        first.leads();
        var asked = second.asked();
        first.holdsAnswersUntil(asked); // the node looks for another leader after a third
        leases.want(REGION, EPOCH);
        heartbeats.start(PlatformThreads.system());
        assertThat(held()).isTrue();
        assertThat(asked.getCount()).as("the other metasrv was asked").isZero();
        assertThat(first.registrations()).isEqualTo(1);
    }

    @Test
    void nodeMovesOnToAnotherLeaderWhileTheOldOneIsSilent() throws InterruptedException {
        first.leads();
        leases.want(REGION, EPOCH);
        heartbeats.start(PlatformThreads.system());
        assertThat(held()).isTrue();
        second.leads();
        first.holdsAnswersUntil(new CountDownLatch(1)); // for ever
        second.awaitCaller(WAIT_MAX);
        assertThat(leases.held(REGION, EPOCH)).as("the lease has not lapsed meanwhile").isTrue();
        second.awaitHeartbeat(WAIT_MAX);
        assertThat(leases.held(REGION, EPOCH)).isTrue();
        assertThat(first.registrations()).isEqualTo(1);
    }

    @Test
    void replacedNodeBeatsNoMoreAndSaysWhy() throws InterruptedException {
        first.leads();
        first.refusesEverybody();
        heartbeats.start(PlatformThreads.system());

        assertThat(heartbeats.awaitReplaced()).hasMessageContaining("was replaced");
        assertThat(first.refusals()).as("it does not ask again").isEqualTo(1);
        assertThat(leases.held(REGION, EPOCH)).isFalse();
    }

    @Test
    void thatThePeerIdIsInUseIsSaidAlthoughOthersAreAskedToo() {
        first.leads();
        first.saysThatThePeerIdIsInUse();

        assertThatThrownBy(session::connect)
                .isInstanceOf(TerraneException.Unavailable.class)
                .hasMessage("is in use");
    }
}
