package terrane.sim.log;

import terrane.core.WalOffset;
import terrane.core.WalPartition;
import terrane.engine.wal.Wal;
import terrane.sim.world.Cell;
import terrane.sim.world.SimProcess;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// One partition: what landed, in order, and who waits for more.
public final class SimPartition {
    private static final int POLL_RECORDS_MAX = 50;

    private final SimBroker broker;
    private final WalPartition name;

    /// Everything that ever landed; what was pruned is kept for those who check.
    private final TreeMap<Long, byte[]> records = new TreeMap<>();

    private final List<Cell> readers = new ArrayList<>();
    private long floor;
    private long end;
    private int gapPercent;

    SimPartition(SimBroker broker, WalPartition name) {
        this.broker = broker;
        this.name = name;
    }

    void gaps(int percent) {
        gapPercent = percent;
    }

    void sent(byte[] record, SimProcess by) {
        broker.sent(name, record, by);
    }

    WalOffset append(byte[] record, SimProcess by) {
        if (broker.world().chance().percent(gapPercent)) {
            end += 1 + broker.world().chance().below(3);
            broker.faults().gaps++;
        }
        long at = end++;
        records.put(at, record);
        broker.landed(name, new WalOffset(at), record, by);
        wakeReaders();
        return new WalOffset(at);
    }

    /// A record that no observer can read either, and so is not told of.
    public WalOffset appendUnreadable(byte[] record) {
        long at = end++;
        records.put(at, record);
        broker.world().trace().add(record);
        wakeReaders();
        return new WalOffset(at);
    }

    private void wakeReaders() {
        var waiting = List.copyOf(readers);
        readers.clear();
        for (var reader : waiting) {
            broker.world().after(broker.delayNanos(), reader::wake);
        }
    }

    void prune(WalOffset below) {
        floor = Math.max(floor, Math.min(below.value(), end));
    }

    long floor() {
        return floor;
    }

    public WalOffset end() {
        return new WalOffset(end);
    }

    /// Everything that ever landed, pruned or not.
    public List<Wal.Entry> everything() {
        return records.entrySet().stream()
                .map(entry -> new Wal.Entry(new WalOffset(entry.getKey()), entry.getValue()))
                .toList();
    }

    List<Wal.Entry> read(long from) {
        return records.tailMap(from, true).entrySet().stream()
                .limit(POLL_RECORDS_MAX)
                .map(entry -> new Wal.Entry(new WalOffset(entry.getKey()), entry.getValue()))
                .toList();
    }

    void wakeWhenGrown(Cell reader) {
        readers.add(reader);
    }
}
