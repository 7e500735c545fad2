package terrane.sim.net;

import terrane.core.Address;
import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.sim.world.Cell;
import terrane.sim.world.SimProcess;
import terrane.wire.Transport;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// The transport of one simulated process.
public final class SimTransport implements Transport {
    private final Network network;
    private final SimProcess process;
    private final List<SimListener> listeners = new ArrayList<>();

    public SimTransport(Network network, SimProcess process) {
        this.network = network;
        this.process = process;
        process.onDeath(() -> network.died(process));
    }

    @Override
    public Channel dial(Address to, Duration atMost) throws InterruptedException {
        var answered = new Cell();
        var opened = new ArrayList<SimChannel>();
        network.world().after(network.delayNanos(), () -> knock(to, answered, opened));
        boolean good = false;
        try {
            boolean inTime = process.clock().await(answered, atMost);
            good = inTime && !opened.isEmpty();
            if (good) {
                return opened.getFirst();
            }
            throw TerraneException.unavailable(
                    ErrorCode.UNREACHABLE,
                    inTime ? "connection refused: peer=%s" : "no answer: peer=%s",
                    to);
        } finally {
            answered.wake(); // whatever comes now comes too late
            if (!good) {
                opened.forEach(SimChannel::close);
            }
        }
    }

    /// The first packet has arrived, if it can.
    private void knock(Address to, Cell answered, List<SimChannel> opened) {
        if (!network.reachesBothWays(process.host(), to.host())) {
            return; // nobody answers
        }
        var listener = network.listener(to);
        if (listener == null) {
            network.world().after(network.delayNanos(), answered::wake);
            return;
        }
        if (listener.process().isPaused()) {
            return; // its machine would take the connection, but nobody says hello
        }
        if (answered.isWoken() || process.isDead()) {
            return;
        }
        var ends = SimChannel.pair(network, process, listener.process());
        opened.add(ends.getFirst());
        listener.accept(ends.getLast());
        network.world().after(network.delayNanos(), answered::wake);
    }

    @Override
    public Listener listen(Address bind, Consumer<Channel> accepted) {
        if (network.listener(bind) != null) {
            throw TerraneException.rejected(
                    ErrorCode.INVALID_ARGUMENT, "cannot listen at %s: in use", bind);
        }
        var listener = new SimListener(network, process, bind, accepted);
        listeners.add(listener);
        network.listens(bind, listener);
        return listener;
    }

    @Override
    public void close() {
        listeners.forEach(SimListener::close);
    }
}
