package terrane.metasrv.node;

/// Writes what datanodes are to read back from the shared storage, so that it is known whether they
/// see the same one.
public interface StorageProbe {
    /// Makes an object with this content; it is small and may be deleted by [#remove].
    ///
    /// @return its name, as a datanode is to read it
    /// @throws terrane.core.TerraneException.Unavailable if the storage does not answer
    String write(String nonce) throws InterruptedException;

    /// Deletes an object that [#write] made; failures are of no consequence.
    void remove(String name) throws InterruptedException;
}
