/// What frontends and command lines ask of the metasrv leader: tables, routes, procedures, nodes.
///
/// Invariants: a change of a table is answered when everybody who serves it knows of it; a request
/// that cannot be carried out is refused before anything is committed.
@org.jspecify.annotations.NullMarked
package terrane.metasrv.client;
