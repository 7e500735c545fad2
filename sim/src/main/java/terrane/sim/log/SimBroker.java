package terrane.sim.log;

import org.jspecify.annotations.Nullable;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.core.WalPartition;
import terrane.sim.net.Network;
import terrane.sim.world.SimProcess;
import terrane.sim.world.World;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// The brokers, all as one: every partition, and how well they answer.
public final class SimBroker {
    /// Where the brokers are, for cuts.
    public static final String HOST = "kafka";

    private final World world;
    private final Network network;
    private final Map<WalPartition, SimPartition> partitions = new LinkedHashMap<>();
    private final LogFaults faults = new LogFaults();
    private final List<LogObserver> observers = new ArrayList<>();
    private @Nullable Delay delay;
    private boolean away;
    private Duration slowness = Duration.ZERO;

    /// How often each kind of fault took place.
    public static final class LogFaults {
        public long failedSends;
        public long lateRecords;
        public long lostAcknowledgements;
        public long gaps;
        public long zombies;
    }

    /// Is told of every record as it lands.
    public interface LogObserver {
        /// A producer has it; it is not at the brokers yet.
        default void sent(WalPartition partition, byte[] record, SimProcess by) {}

        /// @param by the process that sent it, which may be dead by now
        void landed(WalPartition partition, WalOffset offset, byte[] record, SimProcess by);

        void pruned(WalPartition partition, WalOffset below);
    }

    public SimBroker(World world, Network network) {
        this.world = world;
        this.network = network;
    }

    public void observe(LogObserver observer) {
        observers.add(observer);
    }

    public LogFaults faults() {
        return faults;
    }

    World world() {
        return world;
    }

    Network network() {
        return network;
    }

    /// Killed or paused: nothing is answered until it is back.
    public void away(boolean now) {
        away = now;
    }

    public boolean isAway() {
        return away;
    }

    /// Every request takes up to that much longer.
    public void slow(Duration by) {
        slowness = by;
    }

    /// So many of a hundred offsets are followed by a gap, as after a control record.
    public void gaps(int percent) {
        partitions.values().forEach(partition -> partition.gaps(percent));
    }

    /// A record that is to land late.
    private record Delay(Predicate<byte[]> which, Consumer<SimProcess> told) {}

    /// The next such record lands seconds later, or never, when its producer has failed.
    ///
    /// @param told of who sent it, as it happens
    public void delayNext(Predicate<byte[]> which, Consumer<SimProcess> told) {
        delay = new Delay(which, told);
    }

    /// Every record arrives as usual.
    public void delayNone() {
        delay = null;
    }

    boolean delays(byte[] record, SimProcess by) {
        var now = delay;
        if (now == null || !now.which.test(record)) {
            return false;
        }
        delay = null;
        now.told.accept(by);
        return true;
    }

    long delayNanos() {
        long slow = slowness.isZero() ? 0 : world.chance().between(0, slowness.toNanos());
        return network.delayNanos() + 50_000 + slow;
    }

    boolean hears(SimProcess process) {
        return !away && network.reaches(process.host(), HOST);
    }

    boolean answers(SimProcess process) {
        return !away && network.reaches(HOST, process.host());
    }

    public void create(WalPartition partition) {
        partitions.computeIfAbsent(partition, p -> new SimPartition(this, p));
    }

    public boolean has(WalPartition partition) {
        return partitions.containsKey(partition);
    }

    public SimPartition partition(WalPartition partition) {
        var found = partitions.get(partition);
        if (found == null) {
            throw TerraneException.unavailable(
                    ErrorCode.WAL_UNAVAILABLE, "no such partition: partition=%s", partition);
        }
        return found;
    }

    public void prune(WalPartition partition, WalOffset below) {
        partition(partition).prune(below);
        observers.forEach(observer -> observer.pruned(partition, below));
    }

    void sent(WalPartition partition, byte[] record, SimProcess by) {
        observers.forEach(observer -> observer.sent(partition, record, by));
    }

    void landed(WalPartition partition, WalOffset offset, byte[] record, SimProcess by) {
        world.trace().add(record);
        observers.forEach(observer -> observer.landed(partition, offset, record, by));
    }
}
