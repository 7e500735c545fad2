package terrane.core.catalog;

import terrane.core.bytes.ByteReader;
import terrane.core.bytes.ByteWriter;

import java.util.List;
import java.util.Optional;

/// The columns of a table at one version. Column order is the order in which users see them.
///
/// @param version from 1, growing by one with each change
/// @param columns at least the time index; primary key columns in key order by their position
public record TableSchema(int version, List<Column> columns, MergeMode mergeMode) {
    private static final int FORM = 1;

    public TableSchema {
        columns = List.copyOf(columns);
    }

    /// A loop, like the next: each column of each batch asks.
    public Optional<Column> column(String name) {
        for (var column : columns) {
            if (column.name().equals(name)) {
                return Optional.of(column);
            }
        }
        return Optional.empty();
    }

    /// The column whose name differs from this one in case alone. There must be none: DuckDB, which
    /// reads and writes files, does not tell names apart by case.
    public Optional<Column> namesake(String name) {
        return columns.stream()
                .filter(column -> column.name().equalsIgnoreCase(name))
                .filter(column -> !column.name().equals(name))
                .findFirst();
    }

    public Optional<Column> column(int id) {
        for (var column : columns) {
            if (column.id() == id) {
                return Optional.of(column);
            }
        }
        return Optional.empty();
    }

    public Column timeIndex() {
        return columns.stream()
                .filter(column -> column.semantic() == Column.Semantic.TIMESTAMP)
                .findFirst()
                .orElseThrow();
    }

    /// The primary key without the time index, in order; may be empty.
    public List<Column> tags() {
        return columns.stream().filter(column -> column.semantic() == Column.Semantic.TAG).toList();
    }

    public List<Column> fields() {
        return columns.stream()
                .filter(column -> column.semantic() == Column.Semantic.FIELD)
                .toList();
    }

    public int nextColumnId() {
        return columns.stream().mapToInt(Column::id).max().orElse(0) + 1;
    }

    public void encode(ByteWriter out) {
        out.u8(FORM).varint(version).u8(mergeMode.tag());
        out.list(
                columns,
                (o, column) ->
                        o.varint(column.id())
                                .string(column.name())
                                .u8(column.type().tag())
                                .u8(column.semantic().tag())
                                .bool(column.nullable()));
    }

    public static TableSchema decode(ByteReader in) {
        in.version(FORM, "table schema");
        int version = in.varint32();
        var mode = MergeMode.ofTag(in.u8()).orElseThrow(() -> in.corrupt("unknown merge mode"));
        return new TableSchema(version, in.list(TableSchema::decodeColumn), mode);
    }

    private static Column decodeColumn(ByteReader in) {
        int id = in.varint32();
        String name = in.string();
        var type = ColumnType.ofTag(in.u8()).orElseThrow(() -> in.corrupt("unknown type"));
        var semantic =
                Column.Semantic.ofTag(in.u8()).orElseThrow(() -> in.corrupt("unknown semantic"));
        return new Column(id, name, type, semantic, in.bool());
    }
}
