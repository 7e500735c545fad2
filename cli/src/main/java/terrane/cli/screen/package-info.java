/// What people see: tables as psql draws them, and progress.
///
/// Invariants: on anything but a terminal only whole lines are written, and no control characters.
@org.jspecify.annotations.NullMarked
package terrane.cli.screen;
