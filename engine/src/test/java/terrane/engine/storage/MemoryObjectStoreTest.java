package terrane.engine.storage;

/// The store that tests use keeps the same contract as the real ones.
class MemoryObjectStoreTest extends ObjectStoreContract {
    @Override
    ObjectStore open() {
        return new MemoryObjectStore();
    }

    @Override
    int rounds() {
        return 500;
    }
}
