/// The words of Terrane: identifiers, positions, and the three ways in which things go wrong.
///
/// Invariants: values are immutable; nothing here does I/O, starts a thread or reads a clock.
@org.jspecify.annotations.NullMarked
package terrane.core;
