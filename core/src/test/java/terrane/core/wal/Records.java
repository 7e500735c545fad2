package terrane.core.wal;

import terrane.core.ClusterId;
import terrane.core.Epoch;
import terrane.core.Incarnation;
import terrane.core.Node;
import terrane.core.PeerId;
import terrane.core.RegionId;
import terrane.core.TableId;
import terrane.core.catalog.Column;
import terrane.core.catalog.ColumnType;
import terrane.core.catalog.MergeMode;
import terrane.core.catalog.TableSchema;
import terrane.core.wal.WalRecord.Fence;
import terrane.core.wal.WalRecord.Header;
import terrane.core.wal.WalRecord.Rows;
import terrane.core.wal.WalRecord.Schema;
import terrane.core.wal.WalRecord.Truncate;
import terrane.core.wal.WalRecord.WarmUp;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Records to test with.
final class Records {
    static final ClusterId CLUSTER =
            new ClusterId(UUID.fromString("538b7476-9f79-4e50-aa9c-b1de90710839"));
    static final RegionId REGION = new TableId(1087).region(0);
    static final Node NODE = new Node(new PeerId(2), new Incarnation(3, 4));
    static final TableSchema SCHEMA =
            new TableSchema(
                    2,
                    List.of(
                            column(1, "host", ColumnType.STRING, Column.Semantic.TAG),
                            column(
                                    2,
                                    "ts",
                                    ColumnType.TIMESTAMP_MILLISECOND,
                                    Column.Semantic.TIMESTAMP),
                            column(3, "usage", ColumnType.FLOAT64, Column.Semantic.FIELD)),
                    MergeMode.LAST_NON_NULL);

    private Records() {}

    private static Column column(int id, String name, ColumnType type, Column.Semantic semantic) {
        return new Column(id, name, type, semantic, semantic == Column.Semantic.FIELD);
    }

    static Header header(long epoch) {
        return new Header(REGION, new Epoch(epoch), 300);
    }

    static Rows rows(long epoch) {
        var key = new WriteKey(new Incarnation(-1, 1), 1_000, 2);
        return new Rows(header(epoch), 2, Optional.of(key), new byte[] {1, 2, 3});
    }

    static Fence fence(long epoch) {
        return new Fence(header(epoch), NODE, 17, Optional.of(new UnflushedSum(5, 500, -9)));
    }

    static Schema schema(long epoch) {
        return new Schema(header(epoch), SCHEMA);
    }

    static Truncate truncate(long epoch) {
        return new Truncate(header(epoch));
    }

    static WarmUp warmUp(long epoch) {
        return new WarmUp(header(epoch), new byte[] {0, 0});
    }

    /// One of each kind.
    static List<WalRecord> ofEachKind(long epoch) {
        return List.of(rows(epoch), fence(epoch), schema(epoch), truncate(epoch), warmUp(epoch));
    }
}
