/// `terrane up`: a whole cluster on this machine.
///
/// Invariants: a data folder is used by one `up` at a time; whatever it started ends with it, also
/// if it is killed; what it stores it stores in its folder.
@org.jspecify.annotations.NullMarked
package terrane.cli.up;
