/// `terrane demo`: a cluster under load whose region moves to and fro, and what came of it.
///
/// Invariants: every number that is shown was measured in this run; whatever is not as it should be
/// makes the exit code 1; nothing is left behind that was not announced.
@org.jspecify.annotations.NullMarked
package terrane.cli.demo;
