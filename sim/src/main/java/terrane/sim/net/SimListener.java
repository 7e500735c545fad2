package terrane.sim.net;

import terrane.core.Address;
import terrane.sim.world.SimProcess;
import terrane.wire.Transport;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Where one process accepts channels.
final class SimListener implements Transport.Listener {
    private final Network network;
    private final SimProcess process;
    private final Address address;
    private final Consumer<Transport.Channel> accepted;
    private final List<SimChannel> own = new ArrayList<>();

    SimListener(
            Network network,
            SimProcess process,
            Address address,
            Consumer<Transport.Channel> accepted) {
        this.network = network;
        this.process = process;
        this.address = address;
        this.accepted = accepted;
    }

    boolean isOf(SimProcess whose) {
        return process == whose;
    }

    SimProcess process() {
        return process;
    }

    void accept(SimChannel channel) {
        own.add(channel);
        process.spawn(
                "accepted",
                () -> {
                    try (channel) {
                        accepted.accept(channel);
                    }
                });
    }

    @Override
    public Address address() {
        return address;
    }

    @Override
    public void close() {
        network.listensNoMore(address, this);
        own.forEach(SimChannel::close);
    }
}
