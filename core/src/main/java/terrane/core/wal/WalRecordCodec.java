package terrane.core.wal;

import terrane.core.ClusterId;
import terrane.core.Epoch;
import terrane.core.ErrorCode;
import terrane.core.Incarnation;
import terrane.core.RegionId;
import terrane.core.TerraneException;
import terrane.core.bytes.ByteReader;
import terrane.core.bytes.ByteWriter;
import terrane.core.bytes.Fields;
import terrane.core.catalog.TableSchema;
import terrane.core.wal.WalRecord.Fence;
import terrane.core.wal.WalRecord.Header;
import terrane.core.wal.WalRecord.Rows;
import terrane.core.wal.WalRecord.Schema;
import terrane.core.wal.WalRecord.Truncate;
import terrane.core.wal.WalRecord.WarmUp;

import java.util.Optional;

/// [WalRecord]s as bytes, as they stand in Kafka: `docs/formats/wal-records.md`. Cluster and region
/// stand at fixed places, so that a reader of a partition passes over what is not its own without
/// decoding it.
public final class WalRecordCodec {
    private static final int FORM = 1;
    private static final int KIND_AT = 1;
    private static final int CLUSTER_AT = 2;
    private static final int REGION_AT = CLUSTER_AT + 16;
    private static final int FIXED_BYTES = REGION_AT + 8;

    private static final int ROWS = 1;
    private static final int FENCE = 2;
    private static final int SCHEMA = 3;
    private static final int TRUNCATE = 4;
    private static final int WARM_UP = 5;

    private WalRecordCodec() {}

    /// A record and the cluster that wrote it.
    public record Stored(ClusterId cluster, WalRecord record) {}

    public static byte[] encode(ClusterId cluster, WalRecord record) {
        var out = new ByteWriter(FIXED_BYTES + 64 + ballastBytes(record));
        out.u8(FORM).u8(kind(record)).uuid(cluster.value());
        Fields.region(out, record.header().region());
        Fields.epoch(out, record.header().epoch());
        out.varint(record.header().number());
        switch (record) {
            case Rows rows -> {
                out.varint(rows.schemaVersion()).optional(rows.key(), WalRecordCodec::key);
                out.bytes(rows.batch());
            }
            case Fence fence -> {
                Fields.node(out, fence.leader());
                out.varint(fence.manifestVersion());
                out.optional(fence.unflushed(), (o, sum) -> sum.encode(o));
            }
            case Schema schema -> schema.schema().encode(out);
            case Truncate _ -> {}
            case WarmUp warmUp -> out.bytes(warmUp.ballast());
        }
        return out.toBytes();
    }

    private static int ballastBytes(WalRecord record) {
        return switch (record) {
            case Rows rows -> rows.batch().length;
            case WarmUp warmUp -> warmUp.ballast().length;
            case Fence _, Schema _, Truncate _ -> 64;
        };
    }

    private static int kind(WalRecord record) {
        return switch (record) {
            case Rows _ -> ROWS;
            case Fence _ -> FENCE;
            case Schema _ -> SCHEMA;
            case Truncate _ -> TRUNCATE;
            case WarmUp _ -> WARM_UP;
        };
    }

    /// @throws TerraneException.Corrupt if it is not a record, or of a kind or version that this
    ///   program does not know: the region must stop rather than pass over it
    public static Stored decode(byte[] bytes) {
        var in = new ByteReader(bytes);
        in.version(FORM, "wal record");
        int kind = in.u8();
        var cluster = new ClusterId(in.uuid());
        var region = Fields.region(in);
        var epoch = Fields.epoch(in);
        long number = in.varint();
        var record = body(in, kind, new Header(region, epoch, number));
        in.end("wal record");
        return new Stored(cluster, record);
    }

    private static WalRecord body(ByteReader in, int kind, Header header) {
        return switch (kind) {
            case ROWS ->
                    new Rows(header, in.varint32(), in.optional(WalRecordCodec::key), in.bytes());
            case FENCE -> fence(in, header);
            case SCHEMA -> new Schema(header, TableSchema.decode(in));
            case TRUNCATE -> new Truncate(header);
            case WARM_UP -> new WarmUp(header, in.bytes());
            default -> throw in.corrupt("wal record has kind " + kind);
        };
    }

    private static Fence fence(ByteReader in, Header header) {
        if (header.epoch().equals(Epoch.NONE)) {
            throw in.corrupt("fence of epoch 0");
        }
        return new Fence(header, Fields.node(in), in.varint(), in.optional(UnflushedSum::decode));
    }

    private static void key(ByteWriter out, WriteKey key) {
        Fields.incarnation(out, key.writer());
        out.varint(key.sequence()).varint(key.part());
    }

    private static WriteKey key(ByteReader in) {
        Incarnation writer = Fields.incarnation(in);
        return new WriteKey(writer, in.varint(), in.varint32());
    }

    /// Which region's record this is, of whatever version, if `cluster` wrote it. What is empty was
    /// never acknowledged to anybody: everything that a node of the cluster appends begins with the
    /// cluster's id, and the log's checksums vouch for every byte.
    public static Optional<RegionId> ownerOf(byte[] bytes, ClusterId cluster) {
        if (bytes.length < FIXED_BYTES) {
            return Optional.empty();
        }
        var in = new ByteReader(bytes, CLUSTER_AT, FIXED_BYTES - CLUSTER_AT);
        return in.uuid().equals(cluster.value())
                ? Optional.of(new RegionId(in.i64()))
                : Optional.empty();
    }

    /// Whether this says of itself that it is rows and nothing else that replay rests on, whether
    /// it can be decoded or not.
    public static boolean isRows(byte[] bytes) {
        return bytes.length > KIND_AT && bytes[KIND_AT] == ROWS;
    }

    /// Whose record this is, without decoding it.
    ///
    /// @throws TerraneException.Corrupt if it is too short to be one, or of an unknown version
    public static RegionId regionOf(byte[] bytes) {
        return new RegionId(fixed(bytes, REGION_AT).i64());
    }

    /// Which cluster wrote this record, without decoding it.
    ///
    /// @throws TerraneException.Corrupt if it is too short to be one, or of an unknown version
    public static ClusterId clusterOf(byte[] bytes) {
        return new ClusterId(fixed(bytes, CLUSTER_AT).uuid());
    }

    private static ByteReader fixed(byte[] bytes, int at) {
        if (bytes.length < FIXED_BYTES || bytes[0] != FORM) {
            throw TerraneException.corrupt(
                    ErrorCode.CORRUPT_RECORD,
                    "not a wal record of version %d: bytes=%d",
                    FORM,
                    bytes.length);
        }
        return new ByteReader(bytes, at, FIXED_BYTES - at);
    }
}
