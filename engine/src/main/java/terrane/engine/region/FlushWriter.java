package terrane.engine.region;

import org.apache.arrow.memory.BufferAllocator;
import org.duckdb.DuckDBConnection;

import terrane.core.Invariant;
import terrane.core.WalOffset;
import terrane.core.catalog.TableSchema;
import terrane.core.scan.TimeRange;
import terrane.engine.memtable.Snapshot;
import terrane.engine.memtable.StoredColumn;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Writes memtables into one Parquet file, sorted by primary key and time and merged as the table
/// wants it. The format is described in `docs/formats/data-files.md`.
public final class FlushWriter {
    /// Rows per row group: what a scan reads or skips at a time; DuckDB's own default.
    private static final int ROW_GROUP_ROWS = 122_880;

    private final Duck duck;
    private final BufferAllocator allocator;

    public FlushWriter(Duck duck, BufferAllocator allocator) {
        this.duck = duck;
        this.allocator = allocator;
    }

    /// Blocks until the file is on disk, synced. The snapshots stay the caller's, who closes them
    /// afterwards.
    ///
    /// @param snapshots of consecutive memtables of one region, with one row at least
    /// @param schema the region's, now: the file has all its columns
    /// @param target in a folder that [Duck] may write; must not exist. Nothing is left of it when
    ///   this fails
    /// @throws terrane.core.TerraneException.Unavailable if the disk or the memory does not suffice
    public FlushedFile write(List<Snapshot> snapshots, TableSchema schema, Path target)
            throws InterruptedException {
        Invariant.check(!Files.exists(target), "flush into an existing file=%s", target);
        Invariant.check(
                snapshots.stream().anyMatch(snapshot -> snapshot.rowCount() > 0),
                "flush of no rows");
        boolean written = false;
        try {
            var flushed = duck.run(connection -> copy(connection, snapshots, schema, target));
            written = true;
            return flushed;
        } finally {
            if (!written) {
                remove(target);
            }
        }
    }

    private FlushedFile copy(
            DuckDBConnection connection, List<Snapshot> snapshots, TableSchema schema, Path target)
            throws SQLException, IOException {
        var columns = StoredColumn.all(schema);
        var folder = target.getParent();
        if (folder != null) {
            Files.createDirectories(folder); // people and their jobs tidy up
        }
        try (var streams = new MemoryStreams(allocator);
                var statement = connection.createStatement()) {
            for (var snapshot : snapshots) {
                streams.add(connection, snapshot, columns, TimeRange.ALL, List.of());
            }
            statement.execute(copySql(snapshots.size(), schema, columns, target));
        }
        try (var channel = FileChannel.open(target, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        return describe(connection, snapshots, schema, target);
    }

    static String copySql(
            int streams, TableSchema schema, List<StoredColumn> columns, Path target) {
        var names = MergeSql.names(columns);
        var source =
                IntStream.range(0, streams)
                        .mapToObj(i -> "SELECT " + names + " FROM " + MemoryStreams.name(i))
                        .collect(Collectors.joining(" UNION ALL "));
        return """
        COPY (SELECT %s FROM (%s) ORDER BY %s, %s, %s) TO %s (
        FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE %d, FIELD_IDS %s, KV_METADATA %s)\
        """
                .formatted(
                        names,
                        MergeSql.merged(schema, columns, source),
                        MergeSql.key(schema),
                        StoredColumn.OFFSET.name(),
                        StoredColumn.ROW.name(),
                        Sql.text(target.toString()),
                        ROW_GROUP_ROWS,
                        fieldIds(columns),
                        metadata(schema));
    }

    private static String fieldIds(List<StoredColumn> columns) {
        return columns.stream()
                .map(column -> column.name() + ": " + column.id())
                .collect(Collectors.joining(", ", "{", "}"));
    }

    /// For people who meet the file without its manifest.
    private static String metadata(TableSchema schema) {
        var names =
                schema.columns().stream()
                        .map(column -> "c" + column.id() + "=" + column.name())
                        .collect(Collectors.joining("\n"));
        return "{terrane_schema_version: %s, terrane_columns: %s}"
                .formatted(Sql.text(Integer.toString(schema.version())), Sql.text(names));
    }

    /// Reads back what cannot be known beforehand, which also shows that the file can be read.
    private static FlushedFile describe(
            DuckDBConnection connection, List<Snapshot> snapshots, TableSchema schema, Path target)
            throws SQLException, IOException {
        // Merging drops rows but no key, so the times are those of the memtables.
        var times = snapshots.stream().map(Snapshot::times).toList();
        var sql =
                "SELECT count(*), min(%1$s)::BIGINT, max(%1$s)::BIGINT FROM read_parquet(%2$s)"
                        .formatted(StoredColumn.OFFSET.name(), Sql.text(target.toString()));
        try (var statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            result.next();
            return new FlushedFile(
                    Files.size(target),
                    result.getLong(1),
                    times.stream().mapToLong(TimeRange::from).min().orElseThrow(),
                    times.stream().mapToLong(TimeRange::to).max().orElseThrow(),
                    new WalOffset(result.getLong(2)),
                    new WalOffset(result.getLong(3)),
                    schema.version());
        }
    }

    private static void remove(Path target) {
        try {
            Files.deleteIfExists(target);
        } catch (IOException e) {
            System.getLogger(FlushWriter.class.getName())
                    .log(System.Logger.Level.WARNING, "unfinished file remains path=" + target, e);
        }
    }
}
