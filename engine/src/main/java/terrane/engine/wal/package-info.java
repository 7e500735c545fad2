/// The write-ahead log of a region: an append-only sequence of records with offsets, shared by
/// every node.
@NullMarked
package terrane.engine.wal;

import org.jspecify.annotations.NullMarked;
