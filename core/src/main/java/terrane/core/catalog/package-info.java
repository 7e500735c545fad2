/// Tables, their partition rules and their routes, and who leads what: the state that the metasrv
/// replicates, as values, and the pure functions by which it changes.
///
/// Invariants: ids are never reused; a region's epochs only grow; what a procedure's state implies
/// about a region changes in the same step as the procedure.
@org.jspecify.annotations.NullMarked
package terrane.core.catalog;
