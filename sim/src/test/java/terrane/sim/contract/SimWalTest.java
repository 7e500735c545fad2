package terrane.sim.contract;

import org.junit.jupiter.api.extension.RegisterExtension;

import terrane.core.WalOffset;
import terrane.core.WalPartition;
import terrane.engine.wal.Wal;
import terrane.engine.wal.WalContract;
import terrane.sim.log.SimBroker;
import terrane.sim.log.SimWal;

import java.time.Duration;

/// The simulated log keeps the contract that the real one keeps.
class SimWalTest implements WalContract {
    @RegisterExtension final InWorld inside = new InWorld(1);

    private final SimBroker broker = new SimBroker(inside.world(), inside.network());
    private final SimWal wal = new SimWal(broker, inside.process(), Duration.ofSeconds(6));
    private int topics;

    @Override
    public Wal wal() {
        return wal;
    }

    @Override
    public WalPartition freshPartition() {
        var partition = new WalPartition("wal-" + ++topics, 0);
        broker.create(partition);
        return partition;
    }

    @Override
    public void prune(WalPartition partition, WalOffset offset) {
        broker.prune(partition, offset);
    }
}
