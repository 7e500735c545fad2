package terrane.sim.net;

import org.jspecify.annotations.Nullable;

import terrane.core.Address;
import terrane.sim.world.SimProcess;
import terrane.sim.world.World;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which host reaches which, how fast, and every channel that is open.
public final class Network {
    /// How long a peer may be silent before a channel is given up; [terrane.wire.GrpcTransport] has
    /// the same.
    static final Duration SILENCE_MAX = Duration.ofSeconds(3);

    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    private static final long DELAY_MIN_NANOS = 30_000;
    private static final long DELAY_MAX_NANOS = 400_000;

    private final World world;
    private final Map<Address, SimListener> listeners = new LinkedHashMap<>();
    private final Set<SimChannel> channels = new LinkedHashSet<>();
    private final Set<Link> cuts = new LinkedHashSet<>();
    private final List<Listener> observers = new ArrayList<>();
    private Duration delayMax = Duration.ZERO;
    private int slowPercent;

    /// Is told of every message.
    public interface Listener {
        void sent(String from, String to, byte[] message);

        /// It has reached its host, and nobody there has looked at it yet.
        void arrived(String from, String to, byte[] message);
    }

    /// One direction between two hosts.
    private record Link(String from, String to) {}

    public Network(World world) {
        this.world = world;
        world.after(LOOK_EVERY, this::look);
    }

    World world() {
        return world;
    }

    public void observe(Listener observer) {
        observers.add(observer);
    }

    void sent(String from, String to, byte[] message) {
        world.trace().add(message);
        observers.forEach(observer -> observer.sent(from, to, message));
    }

    void arrived(String from, String to, byte[] message) {
        observers.forEach(observer -> observer.arrived(from, to, message));
    }

    /// From now on nothing of `from` reaches `to`.
    public void cut(String from, String to) {
        cuts.add(new Link(from, to));
    }

    public void heal(String from, String to) {
        cuts.remove(new Link(from, to));
        List.copyOf(channels).forEach(SimChannel::pump);
    }

    public void healAll() {
        cuts.clear();
        List.copyOf(channels).forEach(SimChannel::pump);
    }

    public boolean reaches(String from, String to) {
        return !cuts.contains(new Link(from, to));
    }

    public boolean reachesBothWays(String one, String other) {
        return reaches(one, other) && reaches(other, one);
    }

    /// So many of a hundred messages take up to that much longer.
    public void slow(int percent, Duration atMost) {
        slowPercent = percent;
        delayMax = atMost;
    }

    /// How long the next message takes.
    public long delayNanos() {
        var chance = world.chance();
        long usual = chance.between(DELAY_MIN_NANOS, DELAY_MAX_NANOS);
        return chance.percent(slowPercent) ? usual + chance.between(0, delayMax.toNanos()) : usual;
    }

    /// Breaks one channel at random, with what is under way on it.
    ///
    /// @return whether there was one
    public boolean breakOne() {
        if (channels.isEmpty()) {
            return false;
        }
        world.chance().pick(new ArrayList<>(channels)).breakOff("connection reset");
        return true;
    }

    /// Breaks every channel of a process, with what is under way on it.
    public void breakAll(SimProcess process) {
        for (var channel : List.copyOf(channels)) {
            if (channel.isOf(process)) {
                channel.breakOff("connection reset");
            }
        }
    }

    void listens(Address at, SimListener listener) {
        listeners.put(at, listener);
    }

    void listensNoMore(Address at, SimListener listener) {
        listeners.remove(at, listener);
    }

    @Nullable SimListener listener(Address at) {
        return listeners.get(at);
    }

    void opened(SimChannel channel) {
        channels.add(channel);
    }

    void closed(SimChannel channel) {
        channels.remove(channel);
    }

    /// What the keepalive of real channels finds out.
    private void look() {
        for (var channel : List.copyOf(channels)) {
            channel.look();
        }
        world.after(LOOK_EVERY, this::look);
    }

    /// The connections of a process that was killed: its machine resets them, or has lost its power
    /// and says nothing.
    void died(SimProcess process) {
        boolean silent = world.chance().percent(30);
        for (var channel : List.copyOf(channels)) {
            if (channel.isOf(process)) {
                if (silent) {
                    channel.orphan();
                } else {
                    channel.breakOff("connection reset by peer");
                }
            }
        }
        listeners.values().removeIf(listener -> listener.isOf(process));
    }
}
