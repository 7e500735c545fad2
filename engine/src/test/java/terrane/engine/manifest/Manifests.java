package terrane.engine.manifest;

import terrane.core.ClusterId;
import terrane.core.Epoch;
import terrane.core.Incarnation;
import terrane.core.TableId;
import terrane.core.WalOffset;
import terrane.core.WalPartition;
import terrane.core.catalog.Column;
import terrane.core.catalog.ColumnType;
import terrane.core.catalog.MergeMode;
import terrane.core.catalog.TableSchema;
import terrane.core.wal.KeyWindow;
import terrane.core.wal.WriteKey;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Manifests for tests.
final class Manifests {
    static final ClusterId CLUSTER =
            new ClusterId(UUID.fromString("538b7476-9f79-4e50-aa9c-b1de90710839"));
    static final RegionObjects REGION = new RegionObjects(new TableId(1087).region(2));
    static final Incarnation A = new Incarnation(0xA, 1);
    static final Incarnation B = new Incarnation(0xB, 2);

    private Manifests() {}

    /// What a new region starts with.
    static Manifest initial() {
        return new Manifest(
                CLUSTER,
                REGION.region(),
                1,
                new Manifest.Writer(new Epoch(1), A, 1),
                new WalPartition("terrane-wal-0", 3),
                "topic-id",
                schema(),
                WalOffset.ZERO,
                Epoch.NONE,
                List.of(),
                new KeyWindow.Image(WalOffset.ZERO, List.of()),
                List.of());
    }

    /// One with something in every field.
    static Manifest full() {
        return initial()
                .withContent(
                        schema(),
                        new WalOffset(1_000_000),
                        new Epoch(6),
                        List.of(file("data/5-00000000000000aa.parquet"), file("data/6-bb.parquet")),
                        new KeyWindow.Image(
                                new WalOffset(17),
                                List.of(
                                        key(B, 40, 0, 500),
                                        key(A, -1, 2, 501),
                                        key(B, 41, 0, 999_999))))
                .at(42, new Manifest.Writer(new Epoch(7), B, -2));
    }

    /// The same, and two records are passed over.
    static Manifest skipping() {
        return full().withSkipped(new WalOffset(1_000_007)).withSkipped(new WalOffset(1_000_003));
    }

    static Manifest.DataFile file(String name) {
        return new Manifest.DataFile(
                name, 4096, 100, -5, 1_700_000_000_000L, new WalOffset(3), new WalOffset(99), 2);
    }

    static Manifest withFile(Manifest manifest, String name) {
        var files = new ArrayList<>(manifest.files());
        files.add(file(name));
        return manifest.withContent(
                manifest.schema(),
                manifest.flushed().next(),
                manifest.fenceEpoch(),
                files,
                manifest.keys());
    }

    static List<String> fileNames(Manifest manifest) {
        return manifest.files().stream().map(Manifest.DataFile::name).toList();
    }

    private static KeyWindow.Entry key(Incarnation writer, long sequence, int part, long offset) {
        return new KeyWindow.Entry(new WriteKey(writer, sequence, part), new WalOffset(offset));
    }

    private static TableSchema schema() {
        return new TableSchema(
                2,
                List.of(
                        column(1, "host", ColumnType.STRING, Column.Semantic.TAG),
                        column(
                                2,
                                "ts",
                                ColumnType.TIMESTAMP_MILLISECOND,
                                Column.Semantic.TIMESTAMP),
                        column(3, "usage", ColumnType.FLOAT64, Column.Semantic.FIELD)),
                MergeMode.LAST_ROW);
    }

    private static Column column(int id, String name, ColumnType type, Column.Semantic semantic) {
        return new Column(id, name, type, semantic, semantic == Column.Semantic.FIELD);
    }
}
