/// Settings: one list of them with defaults and documentation, read from a file, the environment
/// and flags, in this order, the later winning.
///
/// Invariants: an unknown or malformed setting ends the program before anything has started.
@org.jspecify.annotations.NullMarked
package terrane.cli.config;
