/// SELECT over tables that live in many regions: which columns and rows of which tables a query
/// needs, and DuckDB's answer once it has them.
///
/// Invariants: what is pushed down to regions never changes an answer, it only saves work, for the
/// whole query is run over what they return; a query reads nothing but the tables that it was given
/// (no files, no network, no environment, no settings); memory, time and answers are bounded.
@NullMarked
package terrane.query.select;

import org.jspecify.annotations.NullMarked;
