package terrane.wire.rpc;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.bytes.ByteReader;
import terrane.core.time.Threads;
import terrane.wire.Request;
import terrane.wire.Transport;
import terrane.wire.codec.MessageCodec;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/// Serves what one peer asks, each request on a virtual thread of its own.
final class Serving {
    /// A frontend of a thousand clients keeps one write of each in flight; of 64 KiB each, that is
    /// 64 MiB for one peer.
    static final int IN_FLIGHT_MAX = 1_024;

    /// A peer of ours has at most [RpcPeer#PENDING_MAX] requests open: one that makes us refuse
    /// more than that at a time is none of ours, and is cut off.
    private static final int REFUSALS_MAX = RpcPeer.PENDING_MAX;

    private static final System.Logger LOG = System.getLogger(Serving.class.getName());

    private final RpcPeer peer;
    private final Transport.Channel channel;
    private final RequestServer server;
    private final Semaphore places = new Semaphore(IN_FLIGHT_MAX);
    private final Semaphore refusals = new Semaphore(REFUSALS_MAX);
    private final ConcurrentHashMap<Long, PartSink> streams = new ConcurrentHashMap<>();

    Serving(RpcPeer peer, Transport.Channel channel, RequestServer server) {
        this.peer = peer;
        this.channel = channel;
        this.server = server;
    }

    void answer(Frame.Ask ask) {
        begin(ask.id(), () -> Frame.answer(ask.id(), server.answer(request(ask.message()), peer)));
    }

    void open(Frame.Open open) {
        var sink = new PartSink(channel, open.id(), open.parts());
        streams.put(open.id(), sink); // before the thread starts, so that a Cancel finds it
        boolean begun =
                begin(
                        open.id(),
                        () -> {
                            try {
                                server.stream(request(open.message()), sink, peer);
                                return Frame.end(open.id());
                            } finally {
                                streams.remove(open.id());
                            }
                        });
        if (!begun) {
            streams.remove(open.id());
        }
    }

    void credit(Frame.Credit credit) {
        var sink = streams.get(credit.id());
        if (sink != null) {
            sink.grant(credit.parts());
        }
    }

    void cancel(long id) {
        var sink = streams.remove(id);
        if (sink != null) {
            sink.stop();
        }
    }

    void lost() {
        streams.values().forEach(PartSink::stop);
    }

    /// What answers a request, as the frame to be sent.
    private interface Work {
        byte[] run() throws InterruptedException;
    }

    private boolean begin(long id, Work work) {
        if (places.tryAcquire()) {
            Threads.virtual("rpc-serve", () -> serve(id, work));
            return true;
        }
        if (!refusals.tryAcquire()) {
            LOG.log(System.Logger.Level.WARNING, "peer floods, cut off: peer={0}", channel.peer());
            channel.close();
            return false;
        }
        Threads.virtual("rpc-refuse", () -> refuse(id));
        return false;
    }

    private void refuse(long id) {
        try {
            var overloaded =
                    TerraneException.unavailable(
                            ErrorCode.OVERLOADED, "more than %d requests", IN_FLIGHT_MAX);
            sendOrDrop(channel, Frame.failure(id, overloaded));
        } finally {
            refusals.release();
        }
    }

    private void serve(long id, Work work) {
        try {
            sendOrDrop(channel, outcome(id, work));
        } finally {
            places.release();
        }
    }

    private static byte[] outcome(long id, Work work) {
        try {
            var frame = work.run();
            if (frame.length > Transport.Channel.MESSAGE_BYTES_MAX) {
                return Frame.failure(
                        id,
                        TerraneException.uncertain(
                                ErrorCode.TOO_LARGE, "answer of %d bytes", frame.length));
            }
            return frame;
        } catch (TerraneException e) {
            return Frame.failure(id, e);
        } catch (InterruptedException e) {
            return Frame.failure(
                    id, TerraneException.uncertain(ErrorCode.SHUTTING_DOWN, "shutting down"));
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "request failed unexpectedly", e);
            return Frame.failure(
                    id, TerraneException.uncertain(ErrorCode.INTERNAL, "internal error: %s", e));
        }
    }

    private static Request<?> request(ByteReader message) {
        var decoded = MessageCodec.decode(message);
        if (decoded instanceof Request<?> request) {
            return request;
        }
        throw message.corrupt("not a request: " + decoded.getClass().getSimpleName());
    }

    /// Sends, unless the channel has gone: then nobody waits for it either.
    static void sendOrDrop(Transport.Channel channel, byte[] frame) {
        try {
            channel.send(frame);
        } catch (TerraneException e) {
            LOG.log(System.Logger.Level.DEBUG, "answer not sent: {0}", e.text());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
