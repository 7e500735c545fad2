package terrane.engine.storage;

import terrane.core.Randomness;

/// Opens the store that a configuration names.
public final class ObjectStores {
    private ObjectStores() {}

    /// @throws terrane.core.TerraneException.Unavailable if a folder cannot be used; S3 is not
    ///   asked before the first call
    public static ObjectStore open(StorageConfig config) throws InterruptedException {
        return switch (config) {
            case StorageConfig.Folder folder ->
                    new LocalObjectStore(folder.root(), Randomness.system());
            case StorageConfig.S3 s3 -> S3ObjectStore.open(s3);
        };
    }
}
