package terrane.datanode.lease;

import terrane.core.Address;
import terrane.core.ClusterId;
import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.time.Clock;
import terrane.wire.Reply;
import terrane.wire.Request;
import terrane.wire.Transport;
import terrane.wire.metasrv.NodeRequest;
import terrane.wire.rpc.RpcPeer;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// A metasrv that grants every lease while it leads, at once or when it is let.
final class FakeMetasrv implements AutoCloseable {
    private final Clock clock;
    private final Duration lease;
    private final Transport.Listener listener;
    private final AtomicInteger registrations = new AtomicInteger();
    private final ArrayBlockingQueue<Boolean> heartbeats = new ArrayBlockingQueue<>(1);
    private final ArrayBlockingQueue<Boolean> callers = new ArrayBlockingQueue<>(1);
    private volatile CountDownLatch asked = new CountDownLatch(1);
    private volatile CountDownLatch held = new CountDownLatch(0);
    private volatile boolean leads;
    private final AtomicInteger refusals = new AtomicInteger();
    private volatile Optional<TerraneException> refusal = Optional.empty();

    FakeMetasrv(Transport transport, Clock clock, Duration lease) {
        this.clock = clock;
        this.lease = lease;
        listener = transport.listen(new Address("127.0.0.1", 0), this::accepted);
    }

    Address address() {
        return listener.address();
    }

    void leads() {
        leads = true;
    }

    /// As to an incarnation whose peer id another one has.
    void refusesEverybody() {
        refusal =
                Optional.of(
                        TerraneException.rejected(
                                ErrorCode.PEER_UNFIT, "was replaced by another process"));
    }

    void saysThatThePeerIdIsInUse() {
        refusal = Optional.of(TerraneException.unavailable(ErrorCode.NOT_READY, "is in use"));
    }

    void saysThatStorageIsAway() {
        refusal =
                Optional.of(
                        TerraneException.unavailable(
                                ErrorCode.STORAGE_UNAVAILABLE, "cannot write to the storage"));
    }

    int refusals() {
        return refusals.get();
    }

    void holdsAnswersUntil(CountDownLatch latch) {
        held = latch;
    }

    /// Falls when somebody wants to register from now on.
    CountDownLatch asked() {
        asked = new CountDownLatch(1);
        return asked;
    }

    /// Waits until somebody wants to register, or has wanted to.
    void awaitCaller(Duration atMost) throws InterruptedException {
        if (clock.poll(callers, atMost) == null) {
            throw new AssertionError("nobody wants to register within " + atMost);
        }
    }

    /// Waits until a heartbeat has been answered.
    void awaitHeartbeat(Duration atMost) throws InterruptedException {
        if (clock.poll(heartbeats, atMost) == null) {
            throw new AssertionError("no heartbeat within " + atMost);
        }
    }

    int registrations() {
        return registrations.get();
    }

    private void accepted(Transport.Channel channel) {
        try (var peer = RpcPeer.start(channel, this::answer, clock)) {
            peer.awaitClosed();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Reply answer(Request<?> request, RpcPeer from) throws InterruptedException {
        if (request instanceof NodeRequest.Heartbeat heartbeat) {
            held.await();
            heartbeats.offer(true);
            return new NodeRequest.HeartbeatAnswer(
                    heartbeat.number(), heartbeat.setVersion(), true, List.of());
        }
        asked.countDown();
        callers.offer(true);
        if (!leads) {
            throw new TerraneException.NotLeader(
                    ErrorCode.NO_METASRV_LEADER, "does not lead", null, null);
        }
        if (refusal.isPresent()) {
            refusals.incrementAndGet();
            throw refusal.get();
        }
        registrations.incrementAndGet();
        return new NodeRequest.Registered(new ClusterId(new UUID(1, 1)), lease, "");
    }

    @Override
    public void close() {
        held.countDown();
        listener.close();
    }
}
