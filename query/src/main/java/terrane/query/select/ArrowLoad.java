package terrane.query.select;

import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.jspecify.annotations.Nullable;

import terrane.core.Invariant;
import terrane.core.catalog.Column;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/// Fills a temporary table with a scan's rows, a chunk at a time. All of it runs within steps.
final class ArrowLoad {
    private final SelectSession session;
    private final TableScan scan;
    private final List<Column> columns;
    private long counted;
    private int streams;

    ArrowLoad(SelectSession session, TableScan scan) {
        this.session = session;
        this.scan = scan;
        this.columns =
                scan.spec().columnIds().stream()
                        .map(id -> scan.table().schema().column(id).orElseThrow())
                        .toList();
    }

    boolean begin() throws SQLException {
        if (!columns.isEmpty()) {
            session.execute(
                    columns.stream()
                            .map(column -> quoted(column.name()) + " " + column.type().duckType())
                            .collect(
                                    Collectors.joining(
                                            ", ",
                                            "CREATE TEMP TABLE " + scan.relation() + " (",
                                            ")")));
        }
        return true;
    }

    boolean add(Chunk chunk) throws SQLException, IOException {
        counted += chunk.rowCount();
        if (columns.isEmpty() || chunk.rowCount() == 0) {
            return true;
        }
        try (var reader =
                        new ArrowStreamReader(
                                new ByteArrayInputStream(chunk.arrow()), session.allocator());
                var stream = ArrowArrayStream.allocateNew(session.allocator())) {
            var fields = reader.getVectorSchemaRoot().getSchema().getFields();
            Invariant.check(
                    fields.size() == columns.size(),
                    "chunk has %d columns, asked for %d",
                    fields.size(),
                    columns.size());
            Data.exportArrayStream(session.allocator(), reader, stream);
            String name = scan.relation() + "_" + streams++;
            session.connection().registerArrowStream(name, stream);
            // By position: names may differ from one region to another after a change of schema.
            session.execute("INSERT INTO temp.main." + scan.relation() + " SELECT * FROM " + name);
            session.execute("DROP VIEW IF EXISTS " + name);
        }
        return true;
    }

    /// Of a scan without columns only the number of rows matters.
    boolean end() throws SQLException {
        if (columns.isEmpty()) {
            session.execute(
                    "CREATE TEMP TABLE %s AS SELECT NULL::BOOLEAN AS \"\u00a0\" FROM range(%d)"
                            .formatted(scan.relation(), counted));
        }
        return true;
    }

    /// Replaces the empty relation by one with rows; they are few.
    static boolean virtual(
            SelectSession session, SelectPlan.VirtualScan scan, List<? extends VirtualRow> rows)
            throws SQLException {
        String marks =
                scan.table().columns().stream().map(_ -> "?").collect(Collectors.joining(", "));
        String sql = "INSERT INTO temp.main." + scan.relation() + " VALUES (" + marks + ")";
        try (var insert = session.connection().prepareStatement(sql)) {
            for (var row : rows) {
                for (int i = 0; i < row.cells().size(); i++) {
                    insert.setObject(
                            i + 1, value(row.cells().get(i), scan.table().columns().get(i)));
                }
                insert.addBatch();
            }
            if (!rows.isEmpty()) {
                var _ = insert.executeBatch();
            }
        }
        return true;
    }

    private static @Nullable Object value(
            @Nullable Object cell, VirtualTable.VirtualColumn column) {
        return switch (column.type()) {
            case UINT64 -> cell == null ? null : Long.toUnsignedString((Long) cell);
            case TIMESTAMP_MILLISECOND ->
                    cell == null
                            ? null
                            : java.time.LocalDateTime.ofEpochSecond(
                                    Math.floorDiv((Long) cell, 1000L),
                                    (int) Math.floorMod((Long) cell, 1000L) * 1_000_000,
                                    java.time.ZoneOffset.UTC);
            default -> cell;
        };
    }

    static String quoted(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }
}
