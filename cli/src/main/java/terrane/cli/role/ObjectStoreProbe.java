package terrane.cli.role;

import terrane.core.ErrorCode;
import terrane.core.Randomness;
import terrane.core.TerraneException;
import terrane.engine.storage.ObjectStore;
import terrane.engine.storage.ObjectStore.Created;
import terrane.metasrv.node.StorageProbe;

import java.nio.charset.StandardCharsets;

/// Puts what datanodes read back onto the shared storage, under `probe/`.
public final class ObjectStoreProbe implements StorageProbe {
    private static final System.Logger LOG = System.getLogger(ObjectStoreProbe.class.getName());

    private final ObjectStore store;
    private final Randomness randomness;

    public ObjectStoreProbe(ObjectStore store, Randomness randomness) {
        this.store = store;
        this.randomness = randomness;
    }

    @Override
    public String write(String nonce) throws InterruptedException {
        // Not the nonce: who lists the storage must not learn the answer.
        var name = "probe/" + randomness.nextUuid();
        var created = store.create(name, nonce.getBytes(StandardCharsets.UTF_8));
        if (created != Created.CREATED) {
            throw TerraneException.unavailable(
                    ErrorCode.STORAGE_UNAVAILABLE,
                    "cannot write to the shared storage: name=%s outcome=%s",
                    name,
                    created);
        }
        return name;
    }

    @Override
    public void remove(String name) throws InterruptedException {
        try {
            store.delete(name);
        } catch (TerraneException.Unavailable e) {
            LOG.log(System.Logger.Level.INFO, "left on the storage: name={0}", name);
        }
    }
}
