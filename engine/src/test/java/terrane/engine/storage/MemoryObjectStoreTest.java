package terrane.engine.storage;

/// The store that tests use keeps the same contract as the real ones.
class MemoryObjectStoreTest extends ObjectStoreContract {
    @Override
    protected ObjectStore open() {
        return new MemoryObjectStore();
    }

    @Override
    protected int rounds() {
        return 500;
    }
}
