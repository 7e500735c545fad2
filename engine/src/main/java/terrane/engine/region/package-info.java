/// One copy of one region: append, replay, flush, scan and compaction.
@NullMarked
package terrane.engine.region;

import org.jspecify.annotations.NullMarked;
