package terrane.datanode.region;

import org.apache.arrow.memory.RootAllocator;

import terrane.core.ClusterId;
import terrane.core.Epoch;
import terrane.core.Incarnation;
import terrane.core.Node;
import terrane.core.PeerId;
import terrane.core.Randomness;
import terrane.core.RegionId;
import terrane.core.WalOffset;
import terrane.core.WalPartition;
import terrane.core.bytes.ByteReader;
import terrane.core.bytes.ByteWriter;
import terrane.core.catalog.Column;
import terrane.core.catalog.ColumnType;
import terrane.core.catalog.MergeMode;
import terrane.core.catalog.TableSchema;
import terrane.core.rows.ColumnValues;
import terrane.core.rows.RowBatch;
import terrane.core.rows.RowBatchCodec;
import terrane.core.time.Clock;
import terrane.core.wal.KeyWindow;
import terrane.core.wal.WalRecord;
import terrane.core.wal.WalRecordCodec;
import terrane.core.wal.WriteKey;
import terrane.engine.manifest.Manifest;
import terrane.engine.manifest.ManifestStore;
import terrane.engine.manifest.RegionObjects;
import terrane.engine.memtable.Memtable;
import terrane.engine.region.Replica;
import terrane.engine.storage.LocalObjectStore;
import terrane.wire.codec.MessageCodec;
import terrane.wire.datanode.DataRequest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Takes the path of a claim and the path of a write before there is one, for a region that nobody
/// knows, in a folder and in memory that nobody looks at: the first region that moves to a node
/// that has just been started, and the first of sixty-four that it takes over, must not wait until
/// code is loaded and compiled.
public final class Rehearsal {
    /// The first compiler takes a method after 200 calls of it.
    private static final int ROUNDS_MAX = 400;

    /// Loading is what takes long (83 ms for the first claim, 3 ms for the fifth); a tenth of a
    /// second, most of it for the disk.
    private static final int CLAIMS_MAX = 30;

    /// A machine that needs longer has other troubles than a slow first write.
    private static final Duration TIME_MAX = Duration.ofSeconds(1);

    /// A usual batch: the shape of TSBS' cpu-only, 100 rows of ten tags and ten values.
    private static final int ROWS = 100;

    private static final int TAGS = 10;
    private static final int VALUES = 10;

    private static final RegionId REGION = new RegionId(0);
    private static final Epoch EPOCH = new Epoch(1);
    private static final ClusterId CLUSTER = new ClusterId(new UUID(0, 0));
    private static final Node NOBODY = new Node(new PeerId(0), new Incarnation(0, 0));

    private Rehearsal() {}

    /// Blocks for a second at most.
    ///
    /// @param scratch a folder that is made, and is gone afterwards
    public static void perform(Clock clock, Randomness randomness, Path scratch)
            throws InterruptedException {
        long deadline = clock.nanosAfter(TIME_MAX);
        claims(clock, randomness, scratch, deadline);
        writes(clock, deadline);
    }

    private static void claims(Clock clock, Randomness randomness, Path scratch, long deadline)
            throws InterruptedException {
        try (var store = new LocalObjectStore(scratch, randomness)) {
            var objects = new RegionObjects(REGION);
            var manifests = new ManifestStore(store, CLUSTER, objects, clock, randomness, TIME_MAX);
            for (int i = 1; i <= CLAIMS_MAX && !clock.passed(deadline); i++) {
                manifests.claim(new Epoch(i), NOBODY.incarnation(), Rehearsal::manifest);
            }
        } finally {
            delete(scratch);
        }
    }

    private static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return; // it could not be made, which whoever tried has said
        }
        try (var all = Files.walk(folder)) {
            for (var each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete folder: " + folder, e);
        }
    }

    private static void writes(Clock clock, long deadline) {
        byte[] batch = RowBatchCodec.encode(batch());
        try (var allocator = new RootAllocator();
                var replica = new Replica(manifest(), allocator)) {
            apply(replica, 0, fence());
            for (int i = 1; i <= ROUNDS_MAX && !clock.passed(deadline); i++) {
                write(replica, i, batch);
            }
            replica.view().close();
        }
    }

    private static void write(Replica replica, int number, byte[] batch) {
        var offset = new WalOffset(number);
        var key = new WriteKey(NOBODY.incarnation(), number, 0);
        var sent =
                new DataRequest.Write(
                        REGION,
                        EPOCH,
                        NOBODY.incarnation(),
                        Optional.of(key),
                        Optional.of(offset),
                        1,
                        batch);
        var got = (DataRequest.Write) there(sent);
        var rows = RowBatchCodec.decode(got.batch());
        Memtable.check(rows, replica.schema());
        var header = new WalRecord.Header(REGION, EPOCH, number + 1L);
        apply(replica, number, new WalRecord.Rows(header, 1, got.key(), got.batch()));
        there(new DataRequest.Written(offset, offset.next(), Optional.empty()));
    }

    /// As it comes out at the other end.
    private static Object there(Object message) {
        var out = new ByteWriter();
        MessageCodec.encode(out, message);
        return MessageCodec.decode(new ByteReader(out.toBytes()));
    }

    private static void apply(Replica replica, int offset, WalRecord record) {
        var stored = WalRecordCodec.decode(WalRecordCodec.encode(CLUSTER, record));
        replica.apply(new WalOffset(offset), stored.record(), Optional.empty());
    }

    private static WalRecord fence() {
        var header = new WalRecord.Header(REGION, EPOCH, 1);
        return new WalRecord.Fence(header, NOBODY, 1, Optional.empty());
    }

    private static RowBatch batch() {
        var columns = new ArrayList<ColumnValues>();
        int id = 1;
        var times = new long[ROWS];
        var values = new double[ROWS];
        var codes = new int[ROWS];
        for (int row = 0; row < ROWS; row++) {
            times[row] = row;
            values[row] = row / 7.0;
            codes[row] = row;
        }
        columns.add(
                new ColumnValues.Longs(
                        id++, ColumnType.TIMESTAMP_MILLISECOND, Optional.empty(), times));
        var names = new byte[ROWS][];
        for (int row = 0; row < ROWS; row++) {
            names[row] = ("host_" + row).getBytes(StandardCharsets.UTF_8);
        }
        for (int i = 0; i < TAGS; i++) {
            columns.add(
                    new ColumnValues.Bytes(
                            id++, ColumnType.STRING, Optional.empty(), names, codes));
        }
        for (int i = 0; i < VALUES; i++) {
            columns.add(
                    new ColumnValues.Doubles(id++, ColumnType.FLOAT64, Optional.empty(), values));
        }
        return new RowBatch(1, ROWS, columns);
    }

    private static TableSchema schema() {
        var columns = new ArrayList<Column>();
        for (var values : batch().columns()) {
            int id = values.columnId();
            var semantic =
                    id == 1
                            ? Column.Semantic.TIMESTAMP
                            : values.type() == ColumnType.STRING
                                    ? Column.Semantic.TAG
                                    : Column.Semantic.FIELD;
            columns.add(new Column(id, "c" + id, values.type(), semantic, id > 1));
        }
        return new TableSchema(1, columns, MergeMode.LAST_ROW);
    }

    private static Manifest manifest() {
        return new Manifest(
                CLUSTER,
                REGION,
                1,
                new Manifest.Writer(EPOCH, NOBODY.incarnation(), 0),
                new WalPartition("rehearsal", 0),
                "",
                schema(),
                WalOffset.ZERO,
                Epoch.NONE,
                List.of(),
                new KeyWindow.Image(WalOffset.ZERO, List.of()),
                List.of());
    }
}
