package terrane.engine.memtable;

import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

import terrane.core.catalog.Column;
import terrane.core.catalog.ColumnType;
import terrane.core.catalog.TableSchema;

import java.util.ArrayList;
import java.util.List;

/// A column as memtables and data files hold it: known by its id, because names may change and
/// because DuckDB takes `a` and `A` for one name.
///
/// @param id the column's id in its table, or the id of [#OFFSET] or [#ROW]
public record StoredColumn(int id, ColumnType type) {
    /// With [#ROW] the version of a row: the offset of the record that brought it. The ids are the
    /// two largest that a Parquet field id can be, far from any that a table will reach.
    public static final StoredColumn OFFSET =
            new StoredColumn(Integer.MAX_VALUE - 1, ColumnType.UINT64);

    /// The row's number in its record.
    public static final StoredColumn ROW = new StoredColumn(Integer.MAX_VALUE, ColumnType.UINT32);

    public static StoredColumn of(Column column) {
        return new StoredColumn(column.id(), column.type());
    }

    /// Every column of the schema in its order, then the row version.
    public static List<StoredColumn> all(TableSchema schema) {
        var columns = new ArrayList<StoredColumn>(schema.columns().size() + 2);
        schema.columns().forEach(column -> columns.add(of(column)));
        columns.add(OFFSET);
        columns.add(ROW);
        return columns;
    }

    /// `c` and the id; `__offset` and `__row` for the row version. Needs no quoting in SQL.
    public String name() {
        if (equals(OFFSET)) {
            return "__offset";
        }
        return equals(ROW) ? "__row" : "c" + id;
    }

    public Field field() {
        return Field.nullable(name(), arrowType(type));
    }

    /// The Arrow type of a column type: timestamps are without time zone, in their own unit.
    public static ArrowType arrowType(ColumnType type) {
        return switch (type) {
            case STRING -> new ArrowType.Utf8();
            case BINARY -> new ArrowType.Binary();
            case BOOLEAN -> new ArrowType.Bool();
            case INT8 -> new ArrowType.Int(8, true);
            case INT16 -> new ArrowType.Int(16, true);
            case INT32 -> new ArrowType.Int(32, true);
            case INT64 -> new ArrowType.Int(64, true);
            case UINT8 -> new ArrowType.Int(8, false);
            case UINT16 -> new ArrowType.Int(16, false);
            case UINT32 -> new ArrowType.Int(32, false);
            case UINT64 -> new ArrowType.Int(64, false);
            case FLOAT32 -> new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
            case FLOAT64 -> new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
            case DATE -> new ArrowType.Date(DateUnit.DAY);
            case TIMESTAMP_SECOND -> new ArrowType.Timestamp(TimeUnit.SECOND, null);
            case TIMESTAMP_MILLISECOND -> new ArrowType.Timestamp(TimeUnit.MILLISECOND, null);
            case TIMESTAMP_MICROSECOND -> new ArrowType.Timestamp(TimeUnit.MICROSECOND, null);
            case TIMESTAMP_NANOSECOND -> new ArrowType.Timestamp(TimeUnit.NANOSECOND, null);
        };
    }
}
