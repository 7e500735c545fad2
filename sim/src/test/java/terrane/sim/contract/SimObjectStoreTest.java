package terrane.sim.contract;

import org.junit.jupiter.api.extension.RegisterExtension;

import terrane.engine.storage.ObjectStore;
import terrane.engine.storage.ObjectStoreContract;
import terrane.sim.storage.SimObjectStore;
import terrane.sim.storage.SimStorage;

/// The simulated storage keeps the contract that the real ones keep.
class SimObjectStoreTest extends ObjectStoreContract {
    @RegisterExtension final InWorld inside = new InWorld(1);

    @Override
    protected ObjectStore open() {
        return new SimObjectStore(
                new SimStorage(inside.world(), inside.network()), inside.process());
    }

    @Override
    protected int rounds() {
        return 200;
    }
}
