package terrane.wire.rpc;

import terrane.wire.Reply;

import java.time.Duration;
import java.util.Optional;

/// The reading end of a stream. Grants credit for every part that was taken, so that never more
/// than [RpcPeer#PARTS_AHEAD_MAX] wait here.
final class Parts<R extends Reply> implements ReplyStream<R> {
    private final RpcPeer peer;
    private final long id;
    private final Pending<R> parts;
    private final Duration atMost;

    Parts(RpcPeer peer, long id, Pending<R> parts, Duration atMost) {
        this.peer = peer;
        this.id = id;
        this.parts = parts;
        this.atMost = atMost;
    }

    @Override
    public Optional<R> next() throws InterruptedException {
        var part = parts.next(parts.within(atMost));
        if (part.isPresent() && !parts.isOver()) {
            peer.grant(id, 1);
        }
        return part;
    }

    @Override
    public void close() {
        peer.abandon(id);
    }
}
