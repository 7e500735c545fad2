package terrane.frontend.lineprotocol;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.catalog.Column;
import terrane.core.catalog.Column.Semantic;
import terrane.core.catalog.ColumnType;
import terrane.core.catalog.MergeMode;
import terrane.core.catalog.TableSchema;
import terrane.core.rows.ColumnValues;
import terrane.core.rows.ColumnValues.Bytes;
import terrane.core.rows.ColumnValues.Doubles;
import terrane.core.rows.ColumnValues.Longs;
import terrane.core.rows.RowBatch;
import terrane.frontend.lineprotocol.Points.Lines;
import terrane.frontend.lineprotocol.Points.PointColumn;

import java.util.ArrayList;
import java.util.List;

/// Fits points to the table of their measurement: what the table lacks, and the rows as it has
/// them.
public final class PointsBinder {
    /// The time index of a table that came into being by its points.
    public static final String TIME_COLUMN = "greptime_timestamp";

    private PointsBinder() {}

    /// The table that these points bring into being: tags, time, fields; fields of one point merge.
    public static TableSchema newSchema(Points points) {
        var columns = new ArrayList<Column>();
        for (var column : points.columns()) {
            if (column.kind() == Kind.TAG) {
                columns.add(newColumn(columns.size() + 1, column));
            }
        }
        columns.add(
                new Column(
                        columns.size() + 1,
                        TIME_COLUMN,
                        ColumnType.TIMESTAMP_NANOSECOND,
                        Semantic.TIMESTAMP,
                        false));
        for (var column : points.columns()) {
            refuseTime(column, TIME_COLUMN);
            if (column.kind() != Kind.TAG) {
                columns.add(newColumn(columns.size() + 1, column));
            }
        }
        var schema = new TableSchema(1, columns, MergeMode.LAST_NON_NULL);
        points.columns().forEach(column -> refuseNamesake(column, schema));
        return schema;
    }

    private static Column newColumn(int id, PointColumn column) {
        var kind = column.kind();
        return new Column(id, column.name(), kind.type(), kind.semantic(), true);
    }

    /// What the table lacks, in the order of the lines.
    ///
    /// @throws TerraneException.Rejected if a column is there with a type that does not fit; the
    ///   message names column, both types and line
    public static List<PointColumn> missing(Points points, TableSchema schema) {
        var missing = new ArrayList<PointColumn>();
        for (var given : points.columns()) {
            refuseTime(given, schema.timeIndex().name());
            var column = schema.column(given.name());
            if (column.isEmpty()) {
                refuseNamesake(given, schema);
                missing.add(given);
            } else if (!fits(given.kind(), column.get())) {
                throw mismatch(points, given, column.get());
            }
        }
        refuseNamesakes(missing);
        return missing;
    }

    /// Of columns that are all new.
    private static void refuseNamesakes(List<PointColumn> missing) {
        if (missing.size() < 2) {
            return;
        }
        var schema =
                new TableSchema(
                        1,
                        missing.stream().map(column -> newColumn(column.id(), column)).toList(),
                        MergeMode.LAST_NON_NULL);
        missing.forEach(column -> refuseNamesake(column, schema));
    }

    /// Such a column would make the whole table unreadable.
    private static void refuseNamesake(PointColumn given, TableSchema schema) {
        var namesake = schema.namesake(given.name());
        if (namesake.isPresent()) {
            throw TerraneException.rejected(
                    ErrorCode.COLUMN_EXISTS,
                    "line %d: '%s' differs from column '%s' in case alone, which no table can hold:"
                            + " rename one of them; nothing was written",
                    given.line(),
                    given.name(),
                    namesake.get().name());
        }
    }

    private static void refuseTime(PointColumn column, String timeIndex) {
        if (column.name().equals(timeIndex)) {
            throw TerraneException.rejected(
                    ErrorCode.TYPE_MISMATCH,
                    "line %d: '%s' is the time of the point and cannot be %s; nothing was written",
                    column.line(),
                    column.name(),
                    column.kind().words());
        }
    }

    private static TerraneException mismatch(Points points, PointColumn given, Column column) {
        return TerraneException.rejected(
                ErrorCode.TYPE_MISMATCH,
                "line %d: column '%s' of table '%s' is %s %s, given %s (%s); nothing was written",
                given.line(),
                given.name(),
                points.measurement(),
                column.semantic() == Semantic.TAG ? "a tag of type" : "a field of type",
                column.type().label(),
                given.kind().words(),
                given.kind().type().label());
    }

    private static boolean fits(Kind kind, Column column) {
        if (column.semantic() != kind.semantic()) {
            return false;
        }
        return switch (kind) {
            case TAG, TEXT -> column.type() == ColumnType.STRING;
            case BOOLEAN -> column.type() == ColumnType.BOOLEAN;
            case FLOAT -> column.type().physical() == ColumnType.Physical.DOUBLE;
            case INTEGER ->
                    switch (column.type()) {
                        case INT8, INT16, INT32, INT64 -> true;
                        default -> false;
                    };
            case UNSIGNED ->
                    switch (column.type()) {
                        case UINT8, UINT16, UINT32, UINT64 -> true;
                        default -> false;
                    };
        };
    }

    /// The points as rows of the table, in the order of the lines.
    ///
    /// @param schema has every column: see [#missing]
    /// @throws TerraneException.Rejected if an integer is too great for its column
    public static List<RowBatch> bind(Points points, TableSchema schema) {
        var batches = new ArrayList<RowBatch>();
        for (var lines : points.batches()) {
            var columns = new ArrayList<ColumnValues>(lines.rows().columns().size());
            for (var values : lines.rows().columns()) {
                columns.add(
                        values.columnId() == Points.TIME_ID
                                ? times(values, schema.timeIndex())
                                : bind(points, lines, values, schema));
            }
            batches.add(new RowBatch(schema.version(), lines.rows().rowCount(), columns));
        }
        return batches;
    }

    /// Rounds down to the unit of the time index.
    private static ColumnValues times(ColumnValues values, Column column) {
        if (!(values instanceof Longs longs)) {
            throw new IllegalStateException("times are longs");
        }
        long unit =
                ColumnType.TIMESTAMP_NANOSECOND.unitsPerSecond() / column.type().unitsPerSecond();
        long[] times = longs.values();
        if (unit != 1) {
            times = times.clone();
            for (int row = 0; row < times.length; row++) {
                times[row] = Math.floorDiv(times[row], unit);
            }
        }
        return new Longs(column.id(), column.type(), longs.validity(), times);
    }

    private static ColumnValues bind(
            Points points, Lines lines, ColumnValues values, TableSchema schema) {
        var given = points.columns().get(values.columnId() - 1);
        var column = schema.column(given.name()).orElseThrow();
        return switch (values) {
            case Longs longs -> {
                checkRange(given, column, lines, longs);
                yield new Longs(column.id(), column.type(), longs.validity(), longs.values());
            }
            case Doubles doubles ->
                    new Doubles(column.id(), column.type(), doubles.validity(), doubles.values());
            case Bytes bytes ->
                    new Bytes(
                            column.id(),
                            column.type(),
                            bytes.validity(),
                            bytes.dictionary(),
                            bytes.codes());
        };
    }

    private static void checkRange(PointColumn given, Column column, Lines lines, Longs longs) {
        if (column.type() == given.kind().type()) {
            return;
        }
        long highest = highest(column.type());
        long lowest = given.kind() == Kind.INTEGER ? -highest - 1 : 0;
        for (int row = 0; row < longs.values().length; row++) {
            long value = longs.values()[row];
            if (value < lowest || value > highest) {
                throw TerraneException.rejected(
                        ErrorCode.TYPE_MISMATCH,
                        "line %d: %s is beyond column '%s' of type %s; nothing was written",
                        lines.numbers()[row],
                        given.kind() == Kind.UNSIGNED
                                ? Long.toUnsignedString(value)
                                : Long.toString(value),
                        column.name(),
                        column.type().label());
            }
        }
    }

    private static long highest(ColumnType narrow) {
        return switch (narrow) {
            case INT8 -> Byte.MAX_VALUE;
            case INT16 -> Short.MAX_VALUE;
            case INT32 -> Integer.MAX_VALUE;
            case UINT8 -> 0xFF;
            case UINT16 -> 0xFFFF;
            case UINT32 -> 0xFFFF_FFFFL;
            default -> throw new IllegalArgumentException("not a narrow integer: " + narrow);
        };
    }
}
