package terrane.sim.log;

import terrane.core.ClusterId;
import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.core.WalPartition;
import terrane.metasrv.wal.WalTopics;
import terrane.sim.world.SimProcess;

import java.time.Duration;
import java.util.List;
import java.util.SortedMap;

/// The topics as one simulated metasrv has them.
public final class SimTopics implements WalTopics {
    private final SimBroker broker;
    private final SimProcess process;
    private final List<WalPartition> partitions;

    public SimTopics(SimBroker broker, SimProcess process, List<WalPartition> partitions) {
        this.broker = broker;
        this.process = process;
        this.partitions = List.copyOf(partitions);
    }

    @Override
    public List<WalPartition> prepare(ClusterId cluster) throws InterruptedException {
        ask();
        partitions.forEach(broker::create);
        return partitions;
    }

    @Override
    public void prune(SortedMap<WalPartition, WalOffset> floors) throws InterruptedException {
        ask();
        floors.forEach(broker::prune);
    }

    private void ask() throws InterruptedException {
        process.clock().sleep(Duration.ofNanos(broker.delayNanos()));
        if (!broker.hears(process) || !broker.answers(process)) {
            throw TerraneException.unavailable(ErrorCode.WAL_UNAVAILABLE, "no answer");
        }
    }

    @Override
    public void close() {}
}
