package terrane.engine.region;

import terrane.core.catalog.Column;
import terrane.core.catalog.ColumnType;
import terrane.core.catalog.Literal;
import terrane.core.catalog.MergeMode;
import terrane.core.catalog.PartitionExpr;
import terrane.core.catalog.TableSchema;
import terrane.core.rows.ColumnValues;
import terrane.core.rows.RowBatch;
import terrane.core.scan.Predicate;
import terrane.core.scan.ScanSpec;
import terrane.core.scan.TimeRange;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// Schemas, batches and scans by a seed. Values come from small sets, so that keys repeat, files
/// overlap and conditions hit.
final class RandomRows {
    private static final List<ColumnType> TIMES =
            Arrays.stream(ColumnType.values()).filter(ColumnType::isTimestamp).toList();
    private static final List<ColumnType> TAGS =
            List.of(ColumnType.STRING, ColumnType.STRING, ColumnType.INT32, ColumnType.UINT64);
    private static final String[] WORDS = {"", "a", "b", "ab", "ä", "it's", "a\0b", "zz", "Ω"};

    private final SplittableRandom random;

    RandomRows(long seed) {
        this.random = new SplittableRandom(seed);
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    <T> T any(List<T> choices) {
        return choices.get(below(choices.size()));
    }

    boolean oneIn(int bound) {
        return random.nextInt(bound) == 0;
    }

    TableSchema schema(MergeMode mode) {
        var columns = new ArrayList<Column>();
        int tags = below(3);
        for (int i = 0; i < tags; i++) {
            columns.add(column(columns.size(), any(TAGS), Column.Semantic.TAG));
        }
        var time = any(TIMES);
        columns.add(new Column(columns.size() + 1, "ts", time, Column.Semantic.TIMESTAMP, false));
        int fields = 1 + below(4);
        for (int i = 0; i < fields; i++) {
            columns.add(column(columns.size(), anyType(), Column.Semantic.FIELD));
        }
        return new TableSchema(1, columns, mode);
    }

    private ColumnType anyType() {
        return any(List.of(ColumnType.values()));
    }

    /// Names that differ only in case are different columns here, and none to DuckDB.
    private static Column column(int before, ColumnType type, Column.Semantic semantic) {
        var name = before % 2 == 0 ? "col \"" + before / 2 : "COL \"" + before / 2;
        return new Column(before + 1, name, type, semantic, true);
    }

    TableSchema altered(TableSchema schema) {
        var columns = new ArrayList<>(schema.columns());
        columns.add(
                column(
                        columns.size(),
                        anyType(),
                        oneIn(4) ? Column.Semantic.TAG : Column.Semantic.FIELD));
        return new TableSchema(schema.version() + 1, columns, schema.mergeMode());
    }

    RowBatch batch(TableSchema schema) {
        int rows = 1 + below(oneIn(10) ? 3_000 : 20);
        long era = below(4) * 1_000L - 1_500;
        var columns = new ArrayList<ColumnValues>();
        for (var column : schema.columns()) {
            boolean time = column.semantic() == Column.Semantic.TIMESTAMP;
            if (time || !oneIn(5)) {
                columns.add(values(column, rows, era));
            }
        }
        return new RowBatch(schema.version(), rows, columns);
    }

    private ColumnValues values(Column column, int rows, long era) {
        var validity = validity(column, rows);
        int id = column.id();
        return switch (column.type().physical()) {
            case LONG -> {
                long[] values = new long[rows];
                boolean time = column.semantic() == Column.Semantic.TIMESTAMP;
                Arrays.setAll(values, _ -> time ? era + below(30) : whole(column.type()));
                yield new ColumnValues.Longs(id, column.type(), validity, values);
            }
            case DOUBLE -> {
                double[] values = new double[rows];
                Arrays.setAll(values, _ -> real());
                yield new ColumnValues.Doubles(id, column.type(), validity, values);
            }
            case BYTES -> {
                byte[][] words = new byte[WORDS.length][];
                Arrays.setAll(words, i -> WORDS[i].getBytes(StandardCharsets.UTF_8));
                int[] codes = new int[rows];
                Arrays.setAll(codes, _ -> below(words.length));
                yield new ColumnValues.Bytes(id, column.type(), validity, words, codes);
            }
        };
    }

    private Optional<long[]> validity(Column column, int rows) {
        if (!column.nullable() || oneIn(3)) {
            return Optional.empty();
        }
        long[] words = new long[(rows + 63) / 64];
        Arrays.setAll(words, _ -> oneIn(3) ? -1L : random.nextLong());
        return Optional.of(words);
    }

    private long whole(ColumnType type) {
        if (oneIn(8)) {
            return extreme(type);
        }
        return type == ColumnType.BOOLEAN ? below(2) : below(5);
    }

    private long extreme(ColumnType type) {
        return switch (type) {
            case INT8 -> Byte.MIN_VALUE;
            case INT16 -> Short.MIN_VALUE;
            case INT32 -> Integer.MIN_VALUE;
            case INT64 -> Long.MIN_VALUE;
            case UINT8 -> 0xFF;
            case UINT16 -> 0xFFFF;
            case UINT32 -> 0xFFFF_FFFFL;
            case UINT64 -> Long.MAX_VALUE;
            case DATE -> -2_000_000_000L;
            case TIMESTAMP_SECOND -> 9_000_000_000_000L;
            case TIMESTAMP_MILLISECOND -> -9_000_000_000_000_000L;
            case TIMESTAMP_MICROSECOND -> 9_000_000_000_000_000_000L;
            case TIMESTAMP_NANOSECOND -> -9_200_000_000_000_000_000L;
            case BOOLEAN, STRING, BINARY, FLOAT32, FLOAT64 -> 1;
        };
    }

    private double real() {
        return oneIn(20) ? Double.NEGATIVE_INFINITY : below(5) * 0.5 - 1;
    }

    ScanSpec scan(TableSchema schema) {
        var ids = new ArrayList<Integer>();
        for (int i = below(schema.columns().size() + 2); i > 0; i--) {
            ids.add(anyColumn(schema).id());
        }
        var predicates = new ArrayList<Predicate>();
        for (int i = below(3); i > 0; i--) {
            predicates.add(predicate(anyColumn(schema)));
        }
        long limit = oneIn(5) ? below(20) : ScanSpec.NO_LIMIT;
        return new ScanSpec(ids, times(), predicates, limit);
    }

    private TimeRange times() {
        if (oneIn(3)) {
            return TimeRange.ALL;
        }
        long from = oneIn(4) ? Long.MIN_VALUE : below(4_000) - 1_600;
        long to = oneIn(4) ? Long.MAX_VALUE : Math.max(from, -1_600) + below(2_000);
        return new TimeRange(from, to);
    }

    private Column anyColumn(TableSchema schema) {
        return any(schema.columns());
    }

    private Predicate predicate(Column column) {
        int id = column.id();
        if (oneIn(5)) {
            return new Predicate.IsNull(id, oneIn(2));
        }
        if (oneIn(3)) {
            var values = new ArrayList<Literal>();
            for (int i = below(4); i > 0; i--) {
                values.add(literal(column));
            }
            return new Predicate.In(id, values);
        }
        var operator = any(List.of(PartitionExpr.Operator.values()));
        return new Predicate.Compare(id, operator, literal(column));
    }

    private Literal literal(Column column) {
        if (column.semantic() == Column.Semantic.TIMESTAMP) {
            return new Literal.Whole(oneIn(9) ? Long.MAX_VALUE : below(4_000) - 1_600);
        }
        return switch (column.type().physical()) {
            case LONG -> new Literal.Whole(whole(column.type()));
            case DOUBLE -> oneIn(2) ? new Literal.Real(real()) : new Literal.Whole(below(3));
            case BYTES -> new Literal.Text(WORDS[below(WORDS.length)]);
        };
    }
}
