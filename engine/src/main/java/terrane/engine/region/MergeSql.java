package terrane.engine.region;

import terrane.core.catalog.Column;
import terrane.core.catalog.MergeMode;
import terrane.core.catalog.TableSchema;
import terrane.engine.memtable.StoredColumn;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Makes one row of all rows with one primary key and time, in SQL.
///
/// `LAST_NON_NULL` takes each field from the newest row that has it. After a merge the row carries
/// its newest version only, so a later merge no longer knows how old each field is. It need not:
/// files and memtables hold disjoint ranges of the log, in the order in which they were flushed. If
/// of two merged rows one has the newer version, all that went into it is newer than all that went
/// into the other, and "newest row that has the field" decides as if nothing had been merged
/// before. This holds as long as only neighbours in that order are merged into one file.
final class MergeSql {
    private static final String VERSION =
            "((%s::HUGEINT << 32) + %s::HUGEINT)"
                    .formatted(StoredColumn.OFFSET.name(), StoredColumn.ROW.name());

    private MergeSql() {}

    /// @param source a SELECT of `columns`, with the whole key and the row version
    /// @return a SELECT of the same columns
    static String merged(TableSchema schema, List<StoredColumn> columns, String source) {
        return switch (schema.mergeMode()) {
            case APPEND -> source;
            case LAST_ROW ->
                    ("SELECT %s FROM (%s) QUALIFY row_number() OVER"
                                    + " (PARTITION BY %s ORDER BY %s DESC, %s DESC) = 1")
                            .formatted(
                                    names(columns),
                                    source,
                                    key(schema),
                                    StoredColumn.OFFSET.name(),
                                    StoredColumn.ROW.name());
            case LAST_NON_NULL ->
                    "SELECT %s FROM (SELECT *, %s AS version FROM (%s)) GROUP BY %s"
                            .formatted(
                                    columns.stream()
                                            .map(column -> newest(schema, column))
                                            .collect(Collectors.joining(", ")),
                                    VERSION,
                                    source,
                                    key(schema));
        };
    }

    /// Unlike for whole rows, it is what is wanted here that `arg_max` passes over nulls.
    private static String newest(TableSchema schema, StoredColumn column) {
        var name = column.name();
        if (column.equals(StoredColumn.OFFSET)) {
            return "(max(version) >> 32)::UBIGINT AS " + name;
        }
        if (column.equals(StoredColumn.ROW)) {
            return "(max(version) & 4294967295::HUGEINT)::UINTEGER AS " + name;
        }
        boolean field =
                schema.column(column.id())
                        .filter(c -> c.semantic() == Column.Semantic.FIELD)
                        .isPresent();
        return field ? "arg_max(%s, version) AS %s".formatted(name, name) : name;
    }

    /// Primary key and time, in the order in which files are sorted.
    static String key(TableSchema schema) {
        return Stream.concat(schema.tags().stream(), Stream.of(schema.timeIndex()))
                .map(column -> StoredColumn.of(column).name())
                .collect(Collectors.joining(", "));
    }

    static String names(List<StoredColumn> columns) {
        return columns.stream().map(StoredColumn::name).collect(Collectors.joining(", "));
    }

    /// Whether rows that share a key and time become one.
    static boolean merges(TableSchema schema) {
        return schema.mergeMode() != MergeMode.APPEND;
    }
}
