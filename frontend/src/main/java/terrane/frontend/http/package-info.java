/// The endpoints: SQL, line protocol, health and metrics over HTTP.
///
/// Invariants: every request ends in an answer that says what was done; a body is bounded before it
/// is read and while it is unpacked; nothing is written of a request that cannot be understood.
@NullMarked
package terrane.frontend.http;

import org.jspecify.annotations.NullMarked;
