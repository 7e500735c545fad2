package terrane.wire;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;

import org.jspecify.annotations.Nullable;

import terrane.core.ErrorCode;
import terrane.core.Invariant;
import terrane.core.TerraneException;
import terrane.core.time.Clock;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// One gRPC stream, seen from either end.
///
/// Flow control is gRPC's: a sender waits while the stream is not ready, and the next message is
/// asked for only while what was received and not yet taken is below [#AHEAD_BYTES_MAX].
final class GrpcChannel implements Transport.Channel {
    /// Half the largest message: one more may arrive on top, so 12 MiB for each channel whose
    /// receiver does not keep up.
    static final int AHEAD_BYTES_MAX = 4 << 20;

    /// What an array and its place in the queue take beside its content.
    private static final int MESSAGE_OVERHEAD_BYTES = 64;

    /// Never given to a receiver.
    private static final byte[] KEEPALIVE = {};

    private final String peer;
    private final Clock clock;
    private final Consumer<GrpcChannel> ended;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition(); // opened or closed, or may be written
    private final Condition arrived = lock.newCondition(); // a message, or the end
    private final ArrayDeque<byte[]> received = new ArrayDeque<>();
    private long receivedBytes;
    private boolean paused; // nothing is asked for because the receiver is behind
    private boolean open;
    private @Nullable String closed; // why
    private @Nullable Stream stream;
    private volatile long heardNanos;
    private volatile long spokeNanos;

    GrpcChannel(String peer, Clock clock, Consumer<GrpcChannel> ended) {
        this.peer = peer;
        this.clock = clock;
        this.ended = ended;
        heardNanos = clock.nanos();
        spokeNanos = heardNanos;
    }

    /// What this class needs of a call, client's or server's. Not thread-safe but for `request`.
    private interface Stream {
        boolean isReady();

        void send(byte[] message);

        void request(int count);

        void end(String why);
    }

    /// Starts the client's end; the channel is open when the server's headers have arrived.
    void begin(ManagedChannel managed, MethodDescriptor<byte[], byte[]> method) {
        var call = managed.newCall(method, CallOptions.DEFAULT);
        stream = new Dialled(managed, call);
        call.start(new ClientEvents(), new Metadata());
        call.request(1);
    }

    /// Starts the server's end.
    ServerCall.Listener<byte[]> begin(ServerCall<byte[], byte[]> call) {
        stream = new Accepted(call);
        open = true;
        call.sendHeaders(new Metadata());
        call.request(1);
        return new ServerEvents();
    }

    static String peerOf(ServerCall<?, ?> call) {
        var remote = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        return remote == null ? "unknown" : remote.toString();
    }

    void awaitOpen(Duration atMost) throws InterruptedException {
        long deadlineNanos = clock.nanosAfter(atMost);
        lock.lock();
        try {
            while (!open && closed == null) {
                if (clock.passed(deadlineNanos)) {
                    throw TerraneException.unavailable(
                            ErrorCode.UNREACHABLE, "no answer: peer=%s within=%s", peer, atMost);
                }
                clock.await(changed, clock.until(deadlineNanos));
            }
            refuseIfClosed();
        } finally {
            lock.unlock();
        }
    }

    private void refuseIfClosed() {
        if (closed != null) {
            throw TerraneException.unavailable(
                    ErrorCode.UNREACHABLE, "channel is closed: peer=%s reason=%s", peer, closed);
        }
    }

    @Override
    public void send(byte[] message) throws InterruptedException {
        var to = admitted(message);
        lock.lockInterruptibly();
        try {
            refuseIfClosed();
            while (!to.isReady()) {
                changed.await();
                refuseIfClosed();
            }
            write(to, message);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean send(byte[] message, Duration atMost) throws InterruptedException {
        var to = admitted(message);
        lock.lockInterruptibly(); // held for no longer than it takes to copy a message
        try {
            refuseIfClosed();
            if (!to.isReady() && !becomesReady(to, clock.nanosAfter(atMost))) {
                return false;
            }
            write(to, message);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean becomesReady(Stream to, long deadlineNanos) throws InterruptedException {
        while (!to.isReady()) {
            if (clock.passed(deadlineNanos)) {
                return false;
            }
            clock.await(changed, clock.until(deadlineNanos));
            refuseIfClosed();
        }
        return true;
    }

    private Stream admitted(byte[] message) {
        if (message.length > MESSAGE_BYTES_MAX) {
            throw TerraneException.rejected(
                    ErrorCode.TOO_LARGE,
                    "message too large: bytes=%d max=%d",
                    message.length,
                    MESSAGE_BYTES_MAX);
        }
        Invariant.check(message.length > 0, "empty message");
        return Objects.requireNonNull(stream);
    }

    private void write(Stream to, byte[] message) {
        spokeNanos = clock.nanos();
        to.send(message);
    }

    @Override
    public byte[] receive() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (received.isEmpty()) {
                refuseIfClosed();
                arrived.await();
            }
            var message = received.remove();
            receivedBytes -= message.length + MESSAGE_OVERHEAD_BYTES;
            if (paused && receivedBytes < AHEAD_BYTES_MAX / 2) {
                paused = false;
                heardNanos = clock.nanos(); // the silence until now was our own doing
                Objects.requireNonNull(stream).request(1);
            }
            return message;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String peer() {
        return peer;
    }

    @Override
    public void close() {
        end("closed here");
        lock.lock();
        try {
            received.clear();
            receivedBytes = 0;
        } finally {
            lock.unlock();
        }
    }

    /// Says that this side is alive if it has been silent, and closes the channel if the other has.
    void tick(Duration interval, Duration silenceMax) {
        long now = clock.nanos();
        boolean silent;
        lock.lock();
        try {
            if (!open || closed != null) {
                return; // an unopened channel has its dialler's own deadline
            }
            silent = !paused && now - heardNanos > silenceMax.toNanos();
            var to = Objects.requireNonNull(stream);
            if (!silent && now - spokeNanos > interval.toNanos() / 2 && to.isReady()) {
                write(to, KEEPALIVE);
            }
        } finally {
            lock.unlock();
        }
        if (silent) {
            end("silent for longer than " + silenceMax.toMillis() + " ms");
        }
    }

    private void arrived(byte[] message) {
        heardNanos = clock.nanos();
        lock.lock();
        try {
            if (closed != null) {
                return;
            }
            if (message.length > 0) {
                received.add(message);
                receivedBytes += message.length + MESSAGE_OVERHEAD_BYTES;
                arrived.signal();
            }
            paused = receivedBytes >= AHEAD_BYTES_MAX;
            if (!paused) {
                Objects.requireNonNull(stream).request(1);
            }
        } finally {
            lock.unlock();
        }
    }

    private void opened() {
        lock.lock();
        try {
            open = true;
            heardNanos = clock.nanos();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void writable() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void end(String why) {
        lock.lock();
        try {
            if (closed != null) {
                return;
            }
            closed = why;
            changed.signalAll();
            arrived.signalAll();
            if (stream != null) {
                stream.end(why);
            }
        } finally {
            lock.unlock();
        }
        ended.accept(this);
    }

    private record Dialled(ManagedChannel managed, ClientCall<byte[], byte[]> call)
            implements Stream {
        @Override
        public boolean isReady() {
            return call.isReady();
        }

        @Override
        public void send(byte[] message) {
            call.sendMessage(message);
        }

        @Override
        public void request(int count) {
            call.request(count);
        }

        @Override
        public void end(String why) {
            call.cancel(why, null);
            managed.shutdownNow();
        }
    }

    private record Accepted(ServerCall<byte[], byte[]> call) implements Stream {
        @Override
        public boolean isReady() {
            return call.isReady();
        }

        @Override
        public void send(byte[] message) {
            call.sendMessage(message);
        }

        @Override
        public void request(int count) {
            call.request(count);
        }

        @Override
        public void end(String why) {
            if (!call.isCancelled()) {
                // With an error, because an orderly end waits for a peer that may not read.
                call.close(Status.UNAVAILABLE.withDescription(why), new Metadata());
            }
        }
    }

    private final class ClientEvents extends ClientCall.Listener<byte[]> {
        @Override
        public void onHeaders(Metadata headers) {
            opened();
        }

        @Override
        public void onMessage(byte[] message) {
            arrived(message);
        }

        @Override
        public void onReady() {
            writable();
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            end(reason(status));
        }

        private static String reason(Status status) {
            var cause = status.getCause();
            return status.getDescription() != null && cause != null
                    ? status.getDescription() + ": " + cause.getMessage()
                    : String.valueOf(status.getDescription());
        }
    }

    private final class ServerEvents extends ServerCall.Listener<byte[]> {
        @Override
        public void onMessage(byte[] message) {
            arrived(message);
        }

        @Override
        public void onReady() {
            writable();
        }

        @Override
        public void onHalfClose() {
            end("closed by the peer");
        }

        @Override
        public void onCancel() {
            end("closed or lost by the peer");
        }

        @Override
        public void onComplete() {
            end("closed");
        }
    }
}
