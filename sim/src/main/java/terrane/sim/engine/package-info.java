/// Files of rows and scans without DuckDB, for a simulated world: slow, simple, and the same rows.
///
/// Invariants: a file holds what a Parquet file would, in another form; a scan returns the rows
/// that the real one does. Memory is given back when the world ends, whatever was killed in it.
@org.jspecify.annotations.NullMarked
package terrane.sim.engine;
