package terrane.query.select;

/// Finds out what a SELECT needs.
@SuppressWarnings("DoNotCallSuggester")
public final class SelectPlanner {
    private final SelectDatabase database;

    public SelectPlanner(SelectDatabase database) {
        this.database = database;
    }

    /// @param schema where unqualified table names are looked up
    /// @throws terrane.core.TerraneException.Rejected if the query is wrong, names a table or
    ///   column that there is not, or does what queries may not
    public SelectPlan plan(String sql, String schema, Tables tables) throws InterruptedException {
        throw new UnsupportedOperationException("being written: " + database.limits() + sql);
    }
}
