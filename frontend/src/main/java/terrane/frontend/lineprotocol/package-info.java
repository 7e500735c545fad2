/// InfluxDB's line protocol: from the bytes of a request to columns, and from those to rows of a
/// table that exists.
///
/// Invariants: a request is parsed whole before anything of it is written; whatever the bytes are,
/// parsing ends with points or with a rejection that names line and column, in time and memory
/// proportional to the bytes; names and text that leave here are UTF-8.
@NullMarked
package terrane.frontend.lineprotocol;

import org.jspecify.annotations.NullMarked;
