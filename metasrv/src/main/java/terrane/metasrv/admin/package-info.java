/// The admin API over HTTP, as GreptimeDB's users know it: leader, routes, migrations, procedures.
///
/// Invariants: what is refused has changed nothing; an answer is never cached; what changes things
/// is never done for a browser's cross-site request. A member that does not lead passes a call on,
/// once, and returns the leader's answer.
@org.jspecify.annotations.NullMarked
package terrane.metasrv.admin;
