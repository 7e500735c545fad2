/// The broker's process, which `terrane up` and `terrane broker` start.
///
/// Invariants: nothing of ours but the broker runs in it.
@org.jspecify.annotations.NullMarked
package terrane.cli.broker;
