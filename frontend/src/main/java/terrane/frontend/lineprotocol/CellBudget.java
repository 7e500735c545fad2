package terrane.frontend.lineprotocol;

/// How much memory the columns of one request may take: columns are dense, so a few sparse bytes
/// could ask for very many cells.
final class CellBudget {
    /// 16 Mi cells of 8 bytes are 128 MiB. The densest text there is, four bytes for a cell
    /// (`a=1,`), does not reach it below the largest body of 64 MiB.
    static final long CELLS_MAX = 16L << 20;

    private long cells;

    /// @return whether the request may take that many more
    boolean take(long more) {
        cells += more;
        return cells <= CELLS_MAX;
    }
}
