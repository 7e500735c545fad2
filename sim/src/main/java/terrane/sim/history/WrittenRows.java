package terrane.sim.history;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// Every row that anybody tried to write, by table, key and serial.
final class WrittenRows {
    private final Map<String, Map<String, TreeMap<Long, Write>>> tables = new HashMap<>();

    WrittenRows(Collection<Write> writes) {
        for (var write : writes) {
            for (var row : write.rows()) {
                var before =
                        tables.computeIfAbsent(row.table(), _ -> new HashMap<>())
                                .computeIfAbsent(row.key(), _ -> new TreeMap<>())
                                .put(row.serial(), write);
                if (before != null) {
                    throw new IllegalArgumentException("two writes of one row: " + row);
                }
            }
        }
    }

    Optional<Write> write(Row row) {
        return Optional.ofNullable(of(row.table(), row.key()).get(row.serial()));
    }

    Collection<String> keys(String table) {
        return tables.getOrDefault(table, Map.of()).keySet();
    }

    Collection<String> tables() {
        return tables.keySet();
    }

    NavigableMap<Long, Write> of(String table, String key) {
        return tables.getOrDefault(table, Map.of()).getOrDefault(key, new TreeMap<>());
    }
}
