package terrane.wire.rpc;

import terrane.wire.Reply;

import java.util.Optional;

/// The parts that answer one request, in order. For one thread. A reader that is slow makes the
/// sender wait; one that has enough closes the stream.
///
/// @param <R> what the parts are
public interface ReplyStream<R extends Reply> extends AutoCloseable {
    /// Blocks for the next part, at most for as long as was agreed when the stream was opened.
    ///
    /// @return empty after the last part
    /// @throws terrane.core.TerraneException as the server answered, or Uncertain if the connection
    ///   is lost or the wait was too long; from then on every call throws it again
    Optional<R> next() throws InterruptedException;

    /// Tells the sender to stop, unless everything has arrived; returns at once.
    @Override
    void close();
}
