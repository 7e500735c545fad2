package terrane.wire.rpc;

import terrane.wire.Reply;

/// Where a server puts the parts of one answer.
public interface ReplySink {
    /// Sends a part; blocks while the reader does not keep up.
    ///
    /// @throws terrane.core.TerraneException.Unavailable if the reader wants no more or is gone:
    ///   the server should stop and may let the exception pass
    void send(Reply part) throws InterruptedException;
}
