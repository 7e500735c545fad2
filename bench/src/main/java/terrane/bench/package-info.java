/// Benchmarks that anyone can repeat: `terrane bench`.
///
/// Invariants: what is reported was measured where a client waits, and counted in the database
/// afterwards; a figure stands beside the same figure without what is being measured.
@org.jspecify.annotations.NullMarked
package terrane.bench;
