/// What a datanode is asked: orders of the metasrv, writes and scans of frontends.
///
/// Invariants: every order names its procedure; whoever gets one that does not match what it holds
/// refuses it and changes nothing. Writes and scans name (region, epoch, incarnation); any mismatch
/// is answered "not the leader".
@org.jspecify.annotations.NullMarked
package terrane.wire.datanode;
