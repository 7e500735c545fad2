package terrane.sim.history;

/// One row as a client writes or sees it.
///
/// @param key its primary key and, in a table that keeps the last row only, its time
/// @param serial what tells it from every other row of its key that was ever written
public record Row(String table, String key, long serial) {}
