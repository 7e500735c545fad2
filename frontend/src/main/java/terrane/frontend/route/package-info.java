/// What a frontend knows of tables and of who leads which region, and whom it asks to learn more.
///
/// Invariants: of two words about one region the one with the higher epoch holds, whatever its
/// source; an older load never replaces what a newer one brought; what is known converges to what
/// the metasrv committed even if every notification is lost, for the loop asks again with the
/// version that it has.
@NullMarked
package terrane.frontend.route;

import org.jspecify.annotations.NullMarked;
