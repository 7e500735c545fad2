package terrane.sim.engine;

import terrane.core.bytes.ByteReader;
import terrane.core.bytes.ByteWriter;
import terrane.core.catalog.Column;
import terrane.core.catalog.TableSchema;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// One row with its version; every value as text, as far as there is one.
///
/// @param values by column id
record PlainRow(long offset, int number, long time, Map<Integer, String> values) {
    static final Comparator<PlainRow> BY_VERSION =
            Comparator.comparingLong(PlainRow::offset).thenComparingInt(PlainRow::number);

    PlainRow {
        values = new TreeMap<>(values);
    }

    /// Rows with the same key are versions of one.
    String key(TableSchema schema) {
        var key = new StringBuilder(Long.toString(time));
        for (Column tag : schema.tags()) {
            key.append('|').append(values.get(tag.id()));
        }
        return key.toString();
    }

    void encode(ByteWriter out) {
        out.varint(offset).varint(number).signed(time);
        out.list(
                values.entrySet(), (o, entry) -> o.varint(entry.getKey()).string(entry.getValue()));
    }

    static PlainRow decode(ByteReader in) {
        long offset = in.varint();
        int number = in.varint32();
        long time = in.signed();
        var values = new TreeMap<Integer, String>();
        in.list(i -> values.put(i.varint32(), i.string()));
        return new PlainRow(offset, number, time, values);
    }

    /// What is left of rows where versions are merged.
    static List<PlainRow> merged(List<PlainRow> rows, TableSchema schema) {
        return switch (schema.mergeMode()) {
            case APPEND -> rows;
            case LAST_ROW -> latest(rows, schema, false);
            case LAST_NON_NULL -> latest(rows, schema, true);
        };
    }

    private static List<PlainRow> latest(
            List<PlainRow> rows, TableSchema schema, boolean keepValues) {
        var byKey = new TreeMap<String, PlainRow>();
        var ordered = new ArrayList<>(rows);
        ordered.sort(BY_VERSION);
        for (var row : ordered) {
            var before = Optional.ofNullable(byKey.get(row.key(schema)));
            byKey.put(row.key(schema), keepValues ? row.over(before) : row);
        }
        return List.copyOf(byKey.values());
    }

    private PlainRow over(Optional<PlainRow> before) {
        var all = new TreeMap<Integer, String>();
        before.ifPresent(row -> all.putAll(row.values));
        all.putAll(values);
        return new PlainRow(offset, number, time, all);
    }
}
