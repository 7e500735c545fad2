package terrane.wire.rpc;

import terrane.core.Epoch;
import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.wire.Reply;
import terrane.wire.Request;
import terrane.wire.datanode.DataRequest;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// Answers a Describe with its region's number, a Write with the length of its batch, and a Scan
/// with as many chunks as its limit says. A Describe of [#STUCK] is answered after [#release].
final class EchoServer implements RequestServer {
    static final int STUCK = 999;
    static final int FAILS = 998;
    static final int CHUNK_BYTES = 100_000;

    final AtomicInteger stuck = new AtomicInteger();
    final AtomicInteger chunksSent = new AtomicInteger();
    final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    void release() {
        released.countDown();
    }

    @Override
    public Reply answer(Request<?> request, RpcPeer from) throws InterruptedException {
        return switch (request) {
            case DataRequest.Describe(var region) -> {
                if (region.number() == STUCK) {
                    stuck.incrementAndGet();
                    released.await();
                }
                if (region.number() == FAILS) {
                    throw new IllegalStateException("a bug");
                }
                yield new DataRequest.Described(
                        new Epoch(region.number()), true, WalOffset.ZERO, Optional.empty());
            }
            case DataRequest.Write write ->
                    new DataRequest.Written(
                            new WalOffset(write.batch().length), WalOffset.ZERO, Optional.empty());
            default -> throw RequestServer.refusal(request);
        };
    }

    @Override
    public void stream(Request<?> request, ReplySink parts, RpcPeer from)
            throws InterruptedException {
        if (!(request instanceof DataRequest.Scan scan)) {
            throw RequestServer.refusal(request);
        }
        try {
            for (long i = 0; i < scan.spec().limit(); i++) {
                parts.send(new DataRequest.ScanChunk(i, new byte[CHUNK_BYTES]));
                chunksSent.incrementAndGet();
            }
        } catch (TerraneException.Unavailable e) {
            stopped.countDown();
            throw e;
        }
        if (scan.region().number() == FAILS) {
            throw TerraneException.corrupt(ErrorCode.CORRUPT_FILE, "file is broken");
        }
    }
}
