package terrane.wire.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import terrane.core.Address;
import terrane.core.Epoch;
import terrane.core.ErrorCode;
import terrane.core.Incarnation;
import terrane.core.LeaderHint;
import terrane.core.Node;
import terrane.core.PeerId;
import terrane.core.RegionId;
import terrane.core.TableId;
import terrane.core.TerraneException;
import terrane.core.scan.ScanSpec;
import terrane.core.scan.TimeRange;
import terrane.core.time.SystemClock;
import terrane.core.time.Threads;
import terrane.wire.GrpcTransport;
import terrane.wire.Reply;
import terrane.wire.Request;
import terrane.wire.Transport;
import terrane.wire.codec.ErrorParts;
import terrane.wire.datanode.DataRequest;
import terrane.wire.datanode.Order;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;

/// Two peers over a real connection on loopback: what one asks, the other answers, and every way in
/// which that fails is told by the exception.
@Timeout(60)
class RpcPeerTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final SystemClock clock = new SystemClock();
    private final GrpcTransport transport = new GrpcTransport(clock);
    private final GrpcTransport serverTransport = new GrpcTransport(clock);
    private final EchoServer server = new EchoServer();
    private final BlockingQueue<RpcPeer> accepted = new LinkedBlockingQueue<>();
    private Transport.Listener listener;
    private RpcPeer peer;

    @BeforeEach
    void connect() throws InterruptedException {
        listener = listen(server);
        peer = RpcPeer.start(transport.dial(listener.address(), LONG), RequestServer.none(), clock);
    }

    private Transport.Listener listen(RequestServer serving) {
        return serverTransport.listen(
                new Address("127.0.0.1", 0),
                channel -> {
                    var client = RpcPeer.start(channel, serving, clock);
                    accepted.add(client);
                    try {
                        client.awaitClosed();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    @AfterEach
    void close() {
        server.release();
        transport.close();
        serverTransport.close();
    }

    @Test
    void callIsAnswered() throws InterruptedException {
        assertThat(peer.call(describe(7), LONG).epoch()).isEqualTo(new Epoch(7));
    }

    @Test
    void serverAsksItsClientOverTheSameChannel() throws InterruptedException {
        var asked =
                RpcPeer.start(transport.dial(listener.address(), LONG), new EchoServer(), clock);
        accepted.take();
        assertThat(accepted.take().call(describe(8), LONG).epoch()).isEqualTo(new Epoch(8));
        asked.close();
    }

    @Test
    void tenThousandCallsOfSixtyFourThreadsEachGetTheirOwnAnswer() throws Exception {
        try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<?>>();
            for (int t = 0; t < 64; t++) {
                int thread = t;
                running.add(tasks.submit(() -> askMany(thread, 10_000 / 64 + 1)));
            }
            for (var task : running) {
                task.get();
            }
        }
    }

    private void askMany(int thread, int calls) {
        try {
            for (int i = 0; i < calls; i++) {
                int number = thread * 1_000_000 + i;
                assertThat(peer.call(describe(number), LONG).epoch()).isEqualTo(new Epoch(number));
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void largestWriteGoesThroughAndALargerOneIsRefused() throws InterruptedException {
        assertThat(peer.call(write(4 << 20), LONG).offset().value()).isEqualTo(4 << 20);
        assertThatThrownBy(() -> peer.call(write(9 << 20), LONG))
                .isInstanceOf(TerraneException.Rejected.class);
        assertThat(peer.isOpen()).isTrue();
    }

    @Test
    void deadlineEndsInUncertain() {
        assertThatThrownBy(() -> peer.call(describe(EchoServer.STUCK), Duration.ofMillis(50)))
                .isInstanceOfSatisfying(
                        TerraneException.Uncertain.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMED_OUT));
        assertThat(peer.isOpen()).isTrue();
    }

    @Test
    void everyKindOfErrorComesOutAsItWasThrown() throws InterruptedException {
        var address = new Address("localhost", 3001);
        var node = new Node(new PeerId(2), new Incarnation(3, 4));
        var hint = new LeaderHint(region(1), new Epoch(9), node, address);
        List<TerraneException> errors =
                List.of(
                        new TerraneException.Rejected(ErrorCode.SAME_PEER, "no", null),
                        new TerraneException.NotLeader(
                                ErrorCode.REGION_ELSEWHERE, "gone", hint, address),
                        new TerraneException.Unavailable(
                                ErrorCode.NOT_READY, "wait", Duration.ofMillis(123), null),
                        new TerraneException.Uncertain(ErrorCode.OUTCOME_UNKNOWN, "?", null),
                        new TerraneException.Corrupt(ErrorCode.CORRUPT_FILE, "bad", null));
        var next = new AtomicReference<TerraneException>();
        listener =
                listen((request, from) -> {
                    throw next.get();
                });
        var asking =
                RpcPeer.start(
                        transport.dial(listener.address(), LONG), RequestServer.none(), clock);
        for (var error : errors) {
            next.set(error);
            assertThatThrownBy(() -> asking.call(describe(1), LONG))
                    .isInstanceOfSatisfying(
                            TerraneException.class,
                            e -> assertThat(ErrorParts.of(e)).isEqualTo(ErrorParts.of(error)));
        }
    }

    @Test
    void bugOfTheServerIsAnswered() {
        assertThatThrownBy(() -> peer.call(describe(EchoServer.FAILS), LONG))
                .isInstanceOfSatisfying(
                        TerraneException.Uncertain.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL));
    }

    @Test
    void requestThatARoleDoesNotServeIsRefused() {
        assertThatThrownBy(() -> peer.call(new Order.Nudge(), LONG))
                .isInstanceOf(TerraneException.Rejected.class)
                .hasMessageContaining("Nudge");
    }

    @Test
    void replyOfAnotherTypeIsCorrupt() throws InterruptedException {
        listener = listen((request, from) -> new Reply.Ack());
        var asking =
                RpcPeer.start(
                        transport.dial(listener.address(), LONG), RequestServer.none(), clock);
        assertThatThrownBy(() -> asking.call(describe(1), LONG))
                .isInstanceOf(TerraneException.Corrupt.class);
    }

    @Test
    void lostConnectionMakesCallsUncertainAndLaterOnesUnavailable() throws Exception {
        var closed = new CountDownLatch(1);
        peer.onClosed(closed::countDown);
        try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
            var waiting = tasks.submit(() -> peer.call(describe(EchoServer.STUCK), LONG));
            await().until(() -> server.stuck.get() == 1);
            listener.close();
            assertThatThrownBy(waiting::get)
                    .cause()
                    .isInstanceOfSatisfying(
                            TerraneException.Uncertain.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.OUTCOME_UNKNOWN));
        }
        closed.await();
        assertThat(peer.isOpen()).isFalse();
        assertThatThrownBy(() -> peer.call(describe(1), LONG))
                .isInstanceOf(TerraneException.Unavailable.class);
    }

    @Test
    void onClosedRunsAtOnceIfItIsTooLate() throws InterruptedException {
        peer.close();
        peer.awaitClosed();
        var told = new CountDownLatch(1);
        peer.onClosed(told::countDown);
        told.await();
    }

    @Test
    void closingEndsTheOtherSide() throws InterruptedException {
        var other = accepted.take();
        peer.close();
        other.awaitClosed();
        assertThat(other.isOpen()).isFalse();
    }

    @Test
    void moreRequestsThanMayBeServedAreAnsweredOverloaded() throws Exception {
        try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
            var waiting = new ArrayList<Future<?>>();
            for (int i = 0; i < Serving.IN_FLIGHT_MAX; i++) {
                waiting.add(tasks.submit(() -> peer.call(describe(EchoServer.STUCK), LONG)));
            }
            await().until(() -> server.stuck.get() == Serving.IN_FLIGHT_MAX);
            assertThatThrownBy(() -> peer.call(describe(1), LONG))
                    .isInstanceOfSatisfying(
                            TerraneException.Unavailable.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
            server.release();
            for (var task : waiting) {
                task.get();
            }
        }
        assertThat(peer.call(describe(1), LONG).epoch()).isEqualTo(new Epoch(1));
    }

    @Test
    void streamDeliversEveryPartInOrder() throws InterruptedException {
        try (var parts = peer.stream(scan(1, 50), LONG)) {
            for (long i = 0; i < 50; i++) {
                assertThat(parts.next().orElseThrow().rowCount()).isEqualTo(i);
            }
            assertThat(parts.next()).isEmpty();
            assertThat(parts.next()).isEmpty();
        }
    }

    @Test
    void streamThatFailsGivesItsPartsAndThenTheError() throws InterruptedException {
        try (var parts = peer.stream(scan(EchoServer.FAILS, 3), LONG)) {
            for (int i = 0; i < 3; i++) {
                assertThat(parts.next()).isPresent();
            }
            assertThatThrownBy(parts::next).isInstanceOf(TerraneException.Corrupt.class);
        }
    }

    @Test
    void slowReaderHoldsTheSenderBackAndNothingElse() throws InterruptedException {
        try (var parts = peer.stream(scan(1, 1_000), LONG)) {
            await().until(() -> server.chunksSent.get() == RpcPeer.PARTS_AHEAD_MAX);
            assertThat(peer.call(describe(5), LONG).epoch()).isEqualTo(new Epoch(5));
            assertThat(server.chunksSent.get()).isEqualTo(RpcPeer.PARTS_AHEAD_MAX);
            assertThat(parts.next()).isPresent();
            await().until(() -> server.chunksSent.get() == RpcPeer.PARTS_AHEAD_MAX + 1);
        }
        server.stopped.await(); // closing has told the sender
    }

    @Test
    void closedClientStopsTheSender() throws InterruptedException {
        var parts = peer.stream(scan(1, 1_000), LONG);
        assertThat(parts.next()).isPresent();
        peer.close();
        server.stopped.await();
        assertThatThrownBy(() -> drain(parts)).isInstanceOf(TerraneException.Uncertain.class);
    }

    private static void drain(ReplyStream<?> parts) throws InterruptedException {
        while (parts.next().isPresent()) {}
    }

    @Test
    void malformedFramesEndTheConnection() throws InterruptedException {
        var raw = transport.dial(listener.address(), LONG);
        raw.send(new byte[] {77, 1, 2});
        assertThatThrownBy(raw::receive).isInstanceOf(TerraneException.Unavailable.class);
    }

    @Test
    void platformThreadMayCall() throws InterruptedException {
        var epoch = new LinkedBlockingQueue<Epoch>();
        Threads.platform("caller", () -> epoch.add(ask(6))).start();
        assertThat(epoch.take()).isEqualTo(new Epoch(6));
    }

    private Epoch ask(int number) {
        try {
            return peer.call(describe(number), LONG).epoch();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Request<DataRequest.Described> describe(int number) {
        return new DataRequest.Describe(region(number));
    }

    private static DataRequest.Write write(int bytes) {
        return new DataRequest.Write(
                region(1),
                new Epoch(1),
                new Incarnation(1, 2),
                Optional.empty(),
                Optional.empty(),
                1,
                new byte[bytes]);
    }

    private static DataRequest.Scan scan(int number, long chunks) {
        return new DataRequest.Scan(
                region(number),
                new Epoch(1),
                new Incarnation(1, 2),
                new ScanSpec(List.of(), TimeRange.ALL, List.of(), chunks));
    }

    private static RegionId region(int number) {
        return TableId.FIRST.region(number);
    }
}
