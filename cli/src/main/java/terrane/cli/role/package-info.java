/// Each role wired by hand, in one readable method: what it is made of, and in which order it
/// starts and ends.
///
/// Invariants: a role that cannot start says why and what to do, and leaves nothing running.
@org.jspecify.annotations.NullMarked
package terrane.cli.role;
