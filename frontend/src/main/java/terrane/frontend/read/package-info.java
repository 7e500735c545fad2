/// What queries read: rows from the leaders of regions, and what the cluster says of itself.
///
/// Invariants: rows come from leaders alone, each of which vouches for its snapshot by its lease; a
/// scan that was lost after some of its rows were handed out fails, and is never repeated behind
/// the reader's back, which would double them; what is read ahead is bounded.
@NullMarked
package terrane.frontend.read;

import org.jspecify.annotations.NullMarked;
