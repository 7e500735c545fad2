/// What is asked of one region: which columns, which times, which rows.
///
/// Invariants: a predicate narrows what is returned and never decides what a row's newest version
/// is; predicates on fields are applied after rows were merged.
@org.jspecify.annotations.NullMarked
package terrane.core.scan;
