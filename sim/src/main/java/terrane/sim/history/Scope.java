package terrane.sim.history;

import java.util.Set;

/// What a read asked for.
///
/// @param keys all others are left out; empty for every key
/// @param serialMin rows with lower serials are left out
public record Scope(String table, Set<String> keys, long serialMin) {
    public Scope {
        keys = Set.copyOf(keys);
    }

    /// The whole table.
    public static Scope everything(String table) {
        return new Scope(table, Set.of(), Long.MIN_VALUE);
    }

    boolean isEverything() {
        return keys.isEmpty() && serialMin == Long.MIN_VALUE;
    }

    boolean covers(String key) {
        return keys.isEmpty() || keys.contains(key);
    }
}
