/// Rows on their way from a client to a region: columns of one batch, as they stand in RPC messages
/// and in the log. The bytes are described in `docs/formats/rows.md`.
///
/// Invariants: every column of a batch has the batch's row count; a decoded batch is internally
/// consistent (codes point into their dictionary, bitmaps have the right size).
@org.jspecify.annotations.NullMarked
package terrane.core.rows;
