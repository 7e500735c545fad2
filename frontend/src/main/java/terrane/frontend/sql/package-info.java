/// Statements carried out: changes of tables at the metasrv, rows to their regions, queries by
/// DuckDB over what the regions return.
///
/// Invariants: statements of one text run in order, and the first failure ends it; after a change
/// of a table this frontend knows it before it answers; a query that lost a region's leader is run
/// again whole, never patched.
@NullMarked
package terrane.frontend.sql;

import org.jspecify.annotations.NullMarked;
