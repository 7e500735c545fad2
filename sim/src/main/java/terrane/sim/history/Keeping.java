package terrane.sim.history;

/// Which rows of one key a table shows.
public enum Keeping {
    /// Every row that was written: append mode.
    ALL,

    /// The row that was written last.
    LAST
}
