package terrane.wire.rpc;

import org.jspecify.annotations.Nullable;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.bytes.ByteReader;
import terrane.core.time.Clock;
import terrane.core.time.Threads;
import terrane.wire.Reply;
import terrane.wire.Request;
import terrane.wire.Transport;
import terrane.wire.codec.MessageCodec;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/// The other end of one channel: it can be asked, and it asks. Both ends are alike, whoever
/// dialled. Safe for many threads.
public final class RpcPeer implements AutoCloseable {
    /// Requests of ours that are not answered yet: at 64 KiB each, 256 MiB, which is more than any
    /// one peer should hold up.
    static final int PENDING_MAX = 4_096;

    /// The parts of one stream that were sent and not yet taken: of a megabyte each as a rule, so
    /// that the next is there when the reader asks, and 32 MiB at the very worst.
    static final int PARTS_AHEAD_MAX = 4;

    private final Transport.Channel channel;
    private final Clock clock;
    private final Serving serving;
    private final ConcurrentHashMap<Long, Pending<?>> pending = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final List<Runnable> onClosed = new ArrayList<>(); // guarded by itself
    private volatile @Nullable TerraneException closed;

    private RpcPeer(Transport.Channel channel, RequestServer server, Clock clock) {
        this.channel = channel;
        this.clock = clock;
        serving = new Serving(this, channel, server);
    }

    /// Takes over `channel`: from now on nobody else uses it.
    ///
    /// @param server answers what the peer asks
    public static RpcPeer start(Transport.Channel channel, RequestServer server, Clock clock) {
        var peer = new RpcPeer(channel, server, clock);
        Threads.virtual("rpc-receive", peer::receive);
        return peer;
    }

    /// Asks, and waits for the answer.
    ///
    /// @throws TerraneException as the server threw it; Unavailable if the request certainly did
    ///   not reach it; Uncertain with TIMED_OUT or OUTCOME_UNKNOWN if it may have been carried out
    public <R extends Reply> R call(Request<R> request, Duration atMost)
            throws InterruptedException {
        long deadlineNanos = clock.nanosAfter(atMost);
        try (var answer = ask(request, atMost)) {
            return answer.by(deadlineNanos);
        }
    }

    /// Asks, and leaves the waiting to the caller, who closes what it gets.
    ///
    /// @param atMost for the request to be sent
    /// @throws TerraneException.Unavailable if the request certainly did not reach the server
    public <R extends Reply> Answer<R> ask(Request<R> request, Duration atMost)
            throws InterruptedException {
        long id = ids.incrementAndGet();
        var waiting = new Pending<R>(replyType(request), 1, clock);
        begin(id, waiting);
        try {
            send(Frame.ask(id, request), atMost);
        } catch (InterruptedException | RuntimeException e) {
            pending.remove(id);
            throw e;
        }
        return new Answer<>(this, id, waiting);
    }

    /// Nobody waits for the answer any more.
    void forget(long id) {
        pending.remove(id);
    }

    /// Asks for a stream of replies. The server begins at once, and waits when it is
    /// [#PARTS_AHEAD_MAX] parts ahead of the reader.
    ///
    /// @param atMost for the request to be sent, and then for each part
    /// @throws TerraneException.Unavailable if the request certainly did not reach the server
    public <R extends Reply> ReplyStream<R> stream(Request<R> request, Duration atMost)
            throws InterruptedException {
        long id = ids.incrementAndGet();
        var parts = new Pending<R>(replyType(request), PARTS_AHEAD_MAX, clock);
        begin(id, parts);
        try {
            send(Frame.open(id, PARTS_AHEAD_MAX, request), atMost);
        } catch (InterruptedException | RuntimeException e) {
            pending.remove(id);
            throw e;
        }
        return new Parts<>(this, id, parts, atMost);
    }

    @SuppressWarnings("unchecked") // the codec knows which reply each request is declared with
    private static <R extends Reply> Class<R> replyType(Request<R> request) {
        return (Class<R>) MessageCodec.replyTo(request);
    }

    private void begin(long id, Pending<?> waiting) {
        if (pending.size() >= PENDING_MAX) {
            throw TerraneException.unavailable(
                    ErrorCode.OVERLOADED, "too many calls in flight: peer=%s", peer());
        }
        pending.put(id, waiting);
        var reason = closed;
        if (reason != null) {
            pending.remove(id);
            throw TerraneException.unavailable(
                    ErrorCode.UNREACHABLE, "connection is closed: peer=%s", peer());
        }
    }

    private void send(byte[] frame, Duration atMost) throws InterruptedException {
        if (!channel.send(frame, atMost)) {
            throw TerraneException.unavailable(
                    ErrorCode.TIMED_OUT, "peer takes nothing: peer=%s within=%s", peer(), atMost);
        }
    }

    Clock clock() {
        return clock;
    }

    /// The reader took `parts`, so as many more may come.
    void grant(long id, int parts) throws InterruptedException {
        try {
            channel.send(Frame.credit(id, parts));
        } catch (TerraneException.Unavailable e) {
            // What has arrived can still be read; what has not ends in Uncertain.
        }
    }

    /// Forgets a stream, and tells the server if it has not ended.
    void abandon(long id) {
        if (pending.remove(id) != null && isOpen()) {
            Threads.virtual("rpc-cancel", () -> Serving.sendOrDrop(channel, Frame.cancel(id)));
        }
    }

    private void receive() {
        // Whatever ends this thread, those who wait must learn it, and who dials must dial again.
        TerraneException reason =
                TerraneException.unavailable(ErrorCode.INTERNAL, "receiving failed unexpectedly");
        try {
            while (true) {
                take(Frame.decode(channel.receive()));
            }
        } catch (TerraneException e) {
            reason = e;
        } catch (InterruptedException e) {
            reason = TerraneException.unavailable(ErrorCode.SHUTTING_DOWN, "shutting down");
        } finally {
            channel.close();
            end(reason);
        }
    }

    /// Never waits: whatever may have to, has a thread of its own.
    private void take(Frame frame) {
        switch (frame) {
            case Frame.Ask ask -> serving.answer(ask);
            case Frame.Open open -> serving.open(open);
            case Frame.Credit credit -> serving.credit(credit);
            case Frame.Cancel cancel -> serving.cancel(cancel.id());
            case Frame.Answer answer -> {
                part(answer.id(), answer.message());
                ended(answer.id());
            }
            case Frame.Part part -> part(part.id(), part.message());
            case Frame.End end -> ended(end.id());
            case Frame.Failure failure -> {
                var waiting = pending.remove(failure.id());
                if (waiting != null) {
                    waiting.fail(failure.error());
                }
            }
        }
    }

    private void part(long id, ByteReader message) {
        var waiting = pending.get(id);
        if (waiting != null) { // or else nobody waits any more
            waiting.arrived(message);
        }
    }

    private void ended(long id) {
        var waiting = pending.remove(id);
        if (waiting != null) {
            waiting.end();
        }
    }

    private void end(TerraneException reason) {
        closed = reason;
        var unknown =
                new TerraneException.Uncertain(
                        ErrorCode.OUTCOME_UNKNOWN,
                        "connection lost: peer=%s reason=%s".formatted(peer(), reason.text()),
                        reason);
        for (var id : List.copyOf(pending.keySet())) {
            var waiting = pending.remove(id);
            if (waiting != null) {
                waiting.fail(unknown);
            }
        }
        serving.lost();
        List<Runnable> told;
        synchronized (onClosed) {
            ended.countDown();
            told = List.copyOf(onClosed);
            onClosed.clear();
        }
        told.forEach(task -> Threads.virtual("rpc-closed", task));
    }

    /// Whether the channel is, as far as this side knows, not closed or lost.
    public boolean isOpen() {
        return closed == null;
    }

    /// Has `task` run once, on a virtual thread, when the channel is closed or lost; at once if it
    /// is already.
    public void onClosed(Runnable task) {
        synchronized (onClosed) {
            if (ended.getCount() > 0) {
                onClosed.add(task);
                return;
            }
        }
        Threads.virtual("rpc-closed", task);
    }

    /// Blocks until the channel is closed or lost; for whoever accepted it.
    public void awaitClosed() throws InterruptedException {
        ended.await();
    }

    /// Who is at the other end, for people.
    public String peer() {
        return channel.peer();
    }

    /// Closes the channel; calls that wait end in Uncertain. What is being served goes on, but its
    /// answers go nowhere.
    @Override
    public void close() {
        channel.close();
    }
}
