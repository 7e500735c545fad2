/// Rows that are in the log and not yet in a file; of two rows with one key the newest wins.
@NullMarked
package terrane.engine.memtable;

import org.jspecify.annotations.NullMarked;
