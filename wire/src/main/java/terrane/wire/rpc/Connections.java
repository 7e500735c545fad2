package terrane.wire.rpc;

import org.jspecify.annotations.Nullable;

import terrane.core.Address;
import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.time.Clock;
import terrane.wire.Transport;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/// Connections of one role to others: dialled when first needed, kept, and dialled again after a
/// loss, with a growing pause after each failure. Safe for many threads.
public final class Connections implements AutoCloseable {
    /// What a connection carries, so that the parts of a large scan never stand before a write.
    public enum Lane {
        /// Writes and everything else that is small.
        ORDERED,
        /// Streams of rows.
        SCANS
    }

    /// 1,000 datanodes, two lanes, and as many addresses that are no longer used.
    static final int ADDRESSES_MAX = 4_096;

    /// Short beside a lease, so that a node that comes back is found at once.
    private static final Duration PAUSE_MIN = Duration.ofMillis(10);

    private static final Duration PAUSE_MAX = Duration.ofMillis(500);

    private final Transport transport;
    private final RequestServer server;
    private final Clock clock;
    private final Duration dialAtMost;
    private final ConcurrentHashMap<Target, Line> lines = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /// @param server answers what the peers ask on these connections
    /// @param dialAtMost how long a connection may take to open
    public Connections(
            Transport transport, RequestServer server, Clock clock, Duration dialAtMost) {
        this.transport = transport;
        this.server = server;
        this.clock = clock;
        this.dialAtMost = dialAtMost;
    }

    private record Target(Address address, Lane lane) {}

    /// The connection to `address`; dials if there is none. Threads that ask at the same time wait
    /// for the same attempt.
    ///
    /// @throws TerraneException.Unavailable if it cannot be opened, or could not a moment ago: then
    ///   the exception says how long to wait
    public RpcPeer to(Address address, Lane lane) throws InterruptedException {
        var target = new Target(address, lane);
        var line = lines.get(target);
        if (line == null) {
            makeRoom();
            line = lines.computeIfAbsent(target, _ -> new Line());
        }
        var peer = line.peer(address);
        if (closed) {
            peer.close();
            throw TerraneException.unavailable(ErrorCode.SHUTTING_DOWN, "connections are closed");
        }
        return peer;
    }

    private void makeRoom() {
        if (lines.size() < ADDRESSES_MAX) {
            return;
        }
        lines.values().removeIf(line -> !line.isOpen());
        if (lines.size() >= ADDRESSES_MAX) {
            throw TerraneException.unavailable(
                    ErrorCode.OVERLOADED, "more than %d connections", ADDRESSES_MAX);
        }
    }

    @Override
    public void close() {
        closed = true;
        lines.values().forEach(Line::close);
        lines.clear();
    }

    /// One address and lane.
    private final class Line {
        private final ReentrantLock dialling = new ReentrantLock();
        private volatile @Nullable RpcPeer peer;
        private Duration pause = Duration.ZERO; // after the last failure; zero after a success
        private long pausedUntilNanos;

        boolean isOpen() {
            var current = peer;
            return current != null && current.isOpen();
        }

        RpcPeer peer(Address address) throws InterruptedException {
            var current = peer;
            if (current != null && current.isOpen()) {
                return current;
            }
            dialling.lockInterruptibly();
            try {
                current = peer;
                return current != null && current.isOpen() ? current : dial(address);
            } finally {
                dialling.unlock();
            }
        }

        private RpcPeer dial(Address address) throws InterruptedException {
            if (!pause.isZero() && !clock.passed(pausedUntilNanos)) {
                throw new TerraneException.Unavailable(
                        ErrorCode.UNREACHABLE,
                        "could not be reached a moment ago: peer=" + address,
                        clock.until(pausedUntilNanos),
                        null);
            }
            try {
                var opened = RpcPeer.start(transport.dial(address, dialAtMost), server, clock);
                peer = opened;
                pause = Duration.ZERO;
                return opened;
            } catch (TerraneException.Unavailable e) {
                var doubled = pause.multipliedBy(2);
                pause = pause.isZero() ? PAUSE_MIN : min(doubled, PAUSE_MAX);
                pausedUntilNanos = clock.nanosAfter(pause);
                throw e;
            }
        }

        void close() {
            var current = peer;
            if (current != null) {
                current.close();
            }
        }
    }

    private static Duration min(Duration first, Duration second) {
        return first.compareTo(second) <= 0 ? first : second;
    }
}
