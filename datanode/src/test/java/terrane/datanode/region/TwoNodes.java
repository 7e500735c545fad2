package terrane.datanode.region;

import org.apache.arrow.memory.RootAllocator;

import terrane.core.Address;
import terrane.core.ClusterId;
import terrane.core.Epoch;
import terrane.core.Incarnation;
import terrane.core.LeaderHint;
import terrane.core.Node;
import terrane.core.PeerId;
import terrane.core.ProcedureId;
import terrane.core.Randomness;
import terrane.core.RegionId;
import terrane.core.WalOffset;
import terrane.core.WalPartition;
import terrane.core.catalog.Column;
import terrane.core.catalog.ColumnType;
import terrane.core.catalog.MergeMode;
import terrane.core.catalog.TableSchema;
import terrane.core.rows.ColumnValues;
import terrane.core.rows.RowBatch;
import terrane.core.rows.RowBatchCodec;
import terrane.core.time.Clock;
import terrane.core.time.PlatformThreads;
import terrane.core.time.SystemClock;
import terrane.core.wal.KeyWindow;
import terrane.core.wal.WalRecord;
import terrane.core.wal.WalRecordCodec;
import terrane.core.wal.WriteKey;
import terrane.datanode.Ack;
import terrane.datanode.lease.Granted;
import terrane.datanode.lease.LeaseTable;
import terrane.datanode.log.CountedReading;
import terrane.datanode.log.LogReading;
import terrane.datanode.log.MemoryWal;
import terrane.datanode.log.PartitionTail;
import terrane.datanode.log.PartitionTails;
import terrane.datanode.log.ProducerLanes;
import terrane.engine.manifest.Manifest;
import terrane.engine.manifest.ManifestStore;
import terrane.engine.manifest.RegionObjects;
import terrane.engine.region.Replica;
import terrane.engine.storage.LocalObjectStore;
import terrane.wire.datanode.DataRequest;
import terrane.wire.datanode.Order;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;

/// Two nodes with copies of one region over one log in memory, and leases that are granted as soon
/// as they are wanted.
final class TwoNodes implements AutoCloseable {
    static final RegionId REGION = new RegionId(4_398_046_511_104L);
    static final ProcedureId PROCEDURE = new ProcedureId(new UUID(3, 4));
    private static final ClusterId CLUSTER = new ClusterId(new UUID(1, 2));
    private static final WalPartition PARTITION = new WalPartition("t", 0);
    static final TableSchema SCHEMA =
            new TableSchema(
                    1,
                    List.of(
                            new Column(
                                    1,
                                    "ts",
                                    ColumnType.TIMESTAMP_MILLISECOND,
                                    Column.Semantic.TIMESTAMP,
                                    false),
                            new Column(2, "v", ColumnType.INT64, Column.Semantic.FIELD, true)),
                    MergeMode.LAST_ROW);

    final Clock clock = new SystemClock();
    final MemoryWal wal = new MemoryWal();

    /// Keys first used below it are forgotten; for copies that are made from then on.
    WalOffset keyFloor = WalOffset.ZERO;

    final LinkedBlockingQueue<Epoch> gaveUp = new LinkedBlockingQueue<>();
    final RootAllocator allocator = new RootAllocator();
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    final LocalObjectStore store;

    private final Ack ack;
    private final long readBackBytesMax;

    TwoNodes(Path folder) throws InterruptedException {
        this(folder, Ack.LEASE, 0);
    }

    TwoNodes(Path folder, Ack ack, long readBackBytesMax) throws InterruptedException {
        this.ack = ack;
        this.readBackBytesMax = readBackBytesMax;
        store = new LocalObjectStore(folder, Randomness.system());
    }

    /// One node's parts.
    final class Side {
        final Node node;
        final LeaseTable leases = Granted.always(clock);
        final Holds holds = new Holds();
        final ProducerLanes lanes = new ProducerLanes(wal);
        final PartitionTail tail =
                new PartitionTails(
                                new LogReading(
                                        wal,
                                        CLUSTER,
                                        clock,
                                        PlatformThreads.system(),
                                        new CountedReading()))
                        .tail(PARTITION);
        final RegionCopy copy;

        Side(long peer) {
            node = new Node(new PeerId(peer), new Incarnation(peer, peer));
            copy =
                    new RegionCopy(
                            new RegionIdentity(
                                    CLUSTER,
                                    REGION,
                                    PARTITION,
                                    node,
                                    new Address("n" + peer, 1),
                                    PROCEDURE),
                            new Replica(manifest(), allocator),
                            new ManifestStore(
                                    store,
                                    CLUSTER,
                                    new RegionObjects(REGION),
                                    clock,
                                    Randomness.system(),
                                    Duration.ofSeconds(1)),
                            new NodeTerms(
                                    leases, ack, holds, new Holds(readBackBytesMax), new Poisons()),
                            clock,
                            (region, epoch, reason) -> gaveUp.add(epoch));
        }

        Side follows() {
            copy.follow(tail);
            return this;
        }

        /// Asks for the lease, and holds what is sent to it for `epoch`.
        Side prepares(long epoch) {
            leases.want(REGION, new Epoch(epoch));
            copy.prepare(new Epoch(epoch), lanes.lane(PARTITION));
            return this;
        }

        /// Leads as one that claimed: fences by itself.
        Side leads(long epoch) throws InterruptedException {
            prepares(epoch);
            fences(epoch);
            follows();
            awaitLead(epoch);
            return this;
        }

        Order.Leading awaitLead(long epoch) throws InterruptedException {
            return (Order.Leading) copy.awaitLead(new Epoch(epoch), Duration.ofSeconds(10));
        }

        void fences(long epoch) {
            var header = new WalRecord.Header(REGION, new Epoch(epoch), 1);
            var fence = new WalRecord.Fence(header, node, 1, Optional.empty());
            wal.append(WalRecordCodec.encode(CLUSTER, fence));
        }

        LeaderHint hint(long epoch) {
            return copy.identity().hint(new Epoch(epoch));
        }

        DataRequest.Written write(long epoch, long key) throws InterruptedException {
            return write(epoch, key, Duration.ofSeconds(10));
        }

        DataRequest.Written write(long epoch, long key, Duration atMost)
                throws InterruptedException {
            return copy.admission().write(request(epoch, key), atMost);
        }

        Future<DataRequest.Written> writeLater(long epoch, long key) {
            return meanwhile(() -> write(epoch, key));
        }

        long rows(long epoch) throws InterruptedException {
            try (var view = copy.admission().read(new Epoch(epoch))) {
                return view.memtables().stream().mapToLong(rows -> rows.rowCount()).sum();
            }
        }

        private DataRequest.Write request(long epoch, long key) {
            return TwoNodes.request(node, epoch, key);
        }
    }

    Side side(long peer) {
        return new Side(peer);
    }

    /// How many records the log has.
    long logSize() {
        return wal.end(PARTITION).value();
    }

    <T> Future<T> meanwhile(Callable<T> task) {
        return clients.submit(task);
    }

    /// One row, to be written under a key of its own.
    static DataRequest.Write request(Node leader, long epoch, long key) {
        return new DataRequest.Write(
                REGION,
                new Epoch(epoch),
                leader.incarnation(),
                Optional.of(new WriteKey(new Incarnation(9, 9), key, 0)),
                Optional.of(WalOffset.ZERO),
                1,
                batch(key));
    }

    /// How long the batch of each request is.
    static int batchBytes() {
        return batch(0).length;
    }

    private static byte[] batch(long value) {
        var ts =
                new ColumnValues.Longs(
                        1, ColumnType.TIMESTAMP_MILLISECOND, Optional.empty(), new long[] {value});
        var v = new ColumnValues.Longs(2, ColumnType.INT64, Optional.empty(), new long[] {value});
        return RowBatchCodec.encode(new RowBatch(1, 1, List.of(ts, v)));
    }

    private Manifest manifest() {
        return new Manifest(
                CLUSTER,
                REGION,
                1,
                new Manifest.Writer(new Epoch(1), new Incarnation(1, 1), 1),
                PARTITION,
                "topic-1",
                SCHEMA,
                WalOffset.ZERO,
                Epoch.NONE,
                List.of(),
                new KeyWindow.Image(keyFloor, List.of()),
                List.of());
    }

    @Override
    public void close() {
        clients.shutdownNow();
    }
}
