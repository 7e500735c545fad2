/// How a region gets its leader: migration by order, failover, and the first leader of a new region
/// are one state machine. The argument stands in `docs/protocols/region-migration.md`.
///
/// Invariants: [Migration#next] and [Migration#duty] are total and pure; every path ends once
/// nothing else fails; a state that is past the handover never ends without a leader.
@org.jspecify.annotations.NullMarked
package terrane.core.migration;
