package terrane.datanode.region;

import terrane.core.ErrorCode;
import terrane.core.Node;
import terrane.core.TerraneException;
import terrane.engine.manifest.Manifest;
import terrane.engine.manifest.RegionObjects;
import terrane.engine.region.RegionEngine;
import terrane.engine.region.Replica;
import terrane.engine.region.SourceFile;
import terrane.engine.storage.FileCache;
import terrane.engine.wal.Wal;
import terrane.wire.Reply;
import terrane.wire.Request;
import terrane.wire.datanode.DataRequest;
import terrane.wire.rpc.ReplySink;
import terrane.wire.rpc.RequestServer;
import terrane.wire.rpc.RpcPeer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Answers frontends: writes, scans, and where a region is.
public final class DataService implements RequestServer {
    /// How long a write waits for its record to land. A frontend asks again under the same key.
    private static final Duration WRITE_WAIT = Duration.ofSeconds(10);

    /// Keys, epoch, ids: what a record has besides its batch.
    private static final int RECORD_OVERHEAD_BYTES = 256;

    private final Node me;
    private final Regions regions;
    private final RegionEngine engine;
    private final FileCache cache;
    private final Load load;

    /// Counts what this node does, and refuses what would be too much.
    public interface Load {
        /// @throws TerraneException.Unavailable while unflushed rows take too much memory
        void admit();

        void wrote(int bytes);

        void scanned(long rows);
    }

    DataService(Node me, Regions regions, RegionEngine engine, FileCache cache, Load load) {
        this.me = me;
        this.regions = regions;
        this.engine = engine;
        this.cache = cache;
        this.load = load;
    }

    @Override
    public Reply answer(Request<?> request, RpcPeer from) throws InterruptedException {
        return switch (request) {
            case DataRequest.Write write -> write(write);
            case DataRequest.Describe describe -> regions.copy(describe.region()).describe();
            default -> throw RequestServer.refusal(request);
        };
    }

    private DataRequest.Written write(DataRequest.Write write) throws InterruptedException {
        if (write.batch().length > Wal.Producer.RECORD_BYTES_MAX - RECORD_OVERHEAD_BYTES) {
            throw TerraneException.rejected(
                    ErrorCode.TOO_LARGE,
                    "batch is too large for one record: bytes=%d bytes_max=%d, send fewer rows",
                    write.batch().length,
                    Wal.Producer.RECORD_BYTES_MAX - RECORD_OVERHEAD_BYTES);
        }
        var copy = regions.copy(write.region());
        checkAddressed(copy, write.leader().equals(me.incarnation()));
        load.admit();
        var written = copy.admission().write(write, WRITE_WAIT);
        load.wrote(write.batch().length);
        return written;
    }

    private void checkAddressed(RegionCopy copy, boolean meant) {
        if (!meant) {
            throw new TerraneException.NotLeader(
                    ErrorCode.REGION_ELSEWHERE,
                    "meant for an earlier run of this node: region=%s node=%s"
                            .formatted(copy.region(), me),
                    copy.describe().hint().orElse(null),
                    null);
        }
    }

    @Override
    public void stream(Request<?> request, ReplySink parts, RpcPeer from)
            throws InterruptedException {
        if (!(request instanceof DataRequest.Scan scan)) {
            throw RequestServer.refusal(request);
        }
        var copy = regions.copy(scan.region());
        checkAddressed(copy, scan.leader().equals(me.incarnation()));
        scan(copy, scan, parts);
    }

    private void scan(RegionCopy copy, DataRequest.Scan scan, ReplySink parts)
            throws InterruptedException {
        var view = copy.admission().read(scan.epoch());
        var open = new ArrayList<FileCache.Handle>();
        try (var result =
                engine.scan(scan.spec(), view.schema(), open(copy, view, open), rows(view))) {
            while (true) {
                var part = result.next();
                if (part.isEmpty()) {
                    return;
                }
                load.scanned(part.get().rowCount());
                parts.send(new DataRequest.ScanChunk(part.get().rowCount(), part.get().arrow()));
            }
        } finally {
            open.forEach(FileCache.Handle::close);
        }
    }

    /// Fetches the view's files; if that fails, the view is closed.
    private List<SourceFile> open(RegionCopy copy, Replica.View view, List<FileCache.Handle> open)
            throws InterruptedException {
        var objects = new RegionObjects(copy.region());
        var files = new ArrayList<SourceFile>();
        try {
            for (Manifest.DataFile file : view.files()) {
                var handle = cache.open(objects.object(file), file.sizeBytes());
                open.add(handle);
                files.add(new SourceFile(handle.path(), file));
            }
            return files;
        } catch (InterruptedException | RuntimeException e) {
            view.close();
            throw e;
        }
    }

    /// The scan closes them.
    private static List<terrane.engine.memtable.Snapshot> rows(Replica.View view) {
        return view.memtables();
    }
}
