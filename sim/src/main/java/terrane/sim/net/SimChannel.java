package terrane.sim.net;

import org.jspecify.annotations.Nullable;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.sim.world.Cell;
import terrane.sim.world.SimProcess;
import terrane.wire.Transport;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// One end of a channel between two processes.
final class SimChannel implements Transport.Channel {
    /// Messages of one direction that were sent and not received; a sender waits beyond.
    private static final int AHEAD_MAX = 512;

    private final Network network;
    private final SimProcess process;
    private @Nullable SimChannel other;
    private final Deque<byte[]> received = new ArrayDeque<>();
    private final Deque<Flight> underWay = new ArrayDeque<>(); // towards this end
    private final Deque<Cell> senders = new ArrayDeque<>(); // wait until this end keeps up
    private @Nullable Cell receiver;
    private @Nullable String closed;
    private long heardNanos;
    private long lastArrivalNanos;

    /// A message on its way to this end.
    private record Flight(byte[] message, long arrivesNanos) {}

    private SimChannel(Network network, SimProcess process) {
        this.network = network;
        this.process = process;
        this.heardNanos = network.world().nowNanos();
    }

    /// Both ends, of who dialled first.
    static List<SimChannel> pair(Network network, SimProcess from, SimProcess to) {
        var dialled = new SimChannel(network, from);
        var accepted = new SimChannel(network, to);
        dialled.other = accepted;
        accepted.other = dialled;
        network.opened(dialled);
        network.opened(accepted);
        return List.of(dialled, accepted);
    }

    private SimChannel other() {
        return java.util.Objects.requireNonNull(other);
    }

    SimProcess process() {
        return process;
    }

    boolean isOf(SimProcess whose) {
        return process == whose;
    }

    private boolean hears() {
        return network.reaches(other().process.host(), process.host());
    }

    @Override
    public void send(byte[] message) throws InterruptedException {
        while (!offer(message)) {
            awaitRoom().await();
        }
    }

    @Override
    public boolean send(byte[] message, Duration atMost) throws InterruptedException {
        long deadline = process.clock().nanosAfter(atMost);
        while (!offer(message)) {
            if (process.clock().passed(deadline)) {
                return false;
            }
            process.clock().await(awaitRoom(), process.clock().until(deadline));
        }
        return true;
    }

    private Cell awaitRoom() {
        var cell = new Cell();
        other().senders.add(cell);
        return cell;
    }

    private boolean offer(byte[] message) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (message.length > MESSAGE_BYTES_MAX) {
            throw TerraneException.rejected(
                    ErrorCode.TOO_LARGE, "message too large: bytes=%d", message.length);
        }
        refuseIfClosed();
        if (other().underWay.size() + other().received.size() >= AHEAD_MAX) {
            return false;
        }
        network.sent(process.host(), peer(), message);
        other().arrivesLater(message.clone());
        return true;
    }

    private void arrivesLater(byte[] message) {
        long now = network.world().nowNanos();
        lastArrivalNanos = Math.max(lastArrivalNanos + 1, now + network.delayNanos());
        underWay.add(new Flight(message, lastArrivalNanos));
        network.world().after(lastArrivalNanos - now, this::pump);
    }

    /// Takes in what has arrived, in order; nothing while this direction is cut.
    void pump() {
        long now = network.world().nowNanos();
        while (closed == null
                && hears()
                && !underWay.isEmpty()
                && underWay.getFirst().arrivesNanos <= now) {
            var message = underWay.remove().message;
            received.add(message);
            heardNanos = now;
            network.arrived(peer(), process.host(), message);
            wakeReceiver();
        }
    }

    private void wakeReceiver() {
        var waiting = receiver;
        if (waiting != null) {
            receiver = null;
            waiting.wake();
        }
    }

    @Override
    public byte[] receive() throws InterruptedException {
        while (received.isEmpty()) {
            refuseIfClosed();
            var cell = new Cell();
            receiver = cell;
            cell.await();
        }
        var message = received.remove();
        var waiting = senders.poll();
        if (waiting != null) {
            waiting.wake();
        }
        return message;
    }

    private void refuseIfClosed() {
        if (closed != null) {
            throw TerraneException.unavailable(
                    ErrorCode.UNREACHABLE, "channel is closed: peer=%s reason=%s", peer(), closed);
        }
    }

    @Override
    public String peer() {
        return other().process.host();
    }

    @Override
    public void close() {
        received.clear();
        end("closed here");
    }

    /// Ends this side, and the other as soon as it can hear of it.
    private void end(String why) {
        if (closed == null) {
            closed = why;
            underWay.clear();
            network.closed(this);
            wakeReceiver();
            senders.forEach(Cell::wake);
            senders.clear();
            var peer = other();
            peer.senders.forEach(Cell::wake);
            peer.senders.clear();
            network.world().after(network.delayNanos(), peer::endsIfHeard);
        }
    }

    private void endsIfHeard() {
        if (closed == null && hears()) {
            end("closed by the peer");
        }
    }

    /// Both sides lose it, each when it notices.
    void breakOff(String why) {
        network.world().after(network.delayNanos(), () -> end(why));
        network.world().after(network.delayNanos(), () -> other().end(why));
    }

    /// This side is gone without a word.
    void orphan() {
        closed = "lost its power";
        network.closed(this);
    }

    /// Gives the channel up if nothing can have been heard for too long. A process that is paused
    /// notices nothing; a peer that is paused says nothing.
    void look() {
        long now = network.world().nowNanos();
        if (!process.runs()) {
            heardNanos = now;
        } else if (hears() && other().process.runs() && other().closed == null) {
            heardNanos = now;
        } else if (now - heardNanos > Network.SILENCE_MAX.toNanos()) {
            end("silent for too long");
        } else if (hears() && other().closed != null && !other().process.isDead()) {
            end("closed by the peer");
        }
    }
}
