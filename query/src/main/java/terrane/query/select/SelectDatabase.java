package terrane.query.select;

import java.nio.file.Path;

/// The DuckDB of one role: sandboxed, bounded, and used on platform threads of its own.
public final class SelectDatabase implements AutoCloseable {
    /// @param folder for what does not fit into memory; created, and emptied when it is opened
    /// @param memoryBytes what all queries together may use before they spill
    /// @param queries how many run at once; more wait for their turn
    public record Limits(Path folder, long memoryBytes, int queries) {}

    private final Limits limits;

    public SelectDatabase(Limits limits) {
        this.limits = limits;
    }

    Limits limits() {
        return limits;
    }

    @Override
    public void close() {}
}
