/// A client's rows on their way to the leaders of their regions: split, keyed, sent, and sent again
/// under the same key until a leader says that they are in the log, or time is up.
///
/// Invariants: one part of a request has one key, whatever happens to it; success is said only when
/// every part is acknowledged; a failure says which rows were written, which were not, and of which
/// it is not known; redirects, time and held bytes are bounded.
@NullMarked
package terrane.frontend.write;

import org.jspecify.annotations.NullMarked;
