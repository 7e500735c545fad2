package terrane.wire.rpc;

import terrane.wire.Reply;

import java.time.Duration;

/// The answer to one request, which may be there or not yet. For one thread.
public final class Answer<R extends Reply> implements AutoCloseable {
    private final RpcPeer peer;
    private final long id;
    private final Pending<R> waiting;

    Answer(RpcPeer peer, long id, Pending<R> waiting) {
        this.peer = peer;
        this.id = id;
        this.waiting = waiting;
    }

    /// Waits for it; one that does not come in time may still come.
    ///
    /// @return whether [#within] would return or throw at once
    public boolean arrives(Duration atMost) throws InterruptedException {
        return waiting.await(waiting.within(atMost));
    }

    /// Waits for it, for the last time.
    ///
    /// @throws terrane.core.TerraneException as the server threw it; Uncertain with TIMED_OUT or
    ///   OUTCOME_UNKNOWN if the request may have been carried out
    public R within(Duration atMost) throws InterruptedException {
        return by(waiting.within(atMost));
    }

    R by(long deadlineNanos) throws InterruptedException {
        return waiting.next(deadlineNanos).orElseThrow();
    }

    /// What comes from now on is thrown away.
    @Override
    public void close() {
        peer.forget(id);
    }
}
