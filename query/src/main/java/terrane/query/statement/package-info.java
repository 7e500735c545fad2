/// Our own statements, DDL, INSERT and ADMIN, from text to values. SELECT is recognised and left as
/// it stands, for DuckDB speaks it better than we could.
///
/// Invariants: whatever the text is, parsing ends with statements or with a rejection that names
/// line and column, in time proportional to the text and with bounded depth; a parsed statement is
/// complete: names are resolved against the session's schema, types and partition rules are typed.
@NullMarked
package terrane.query.statement;

import org.jspecify.annotations.NullMarked;
