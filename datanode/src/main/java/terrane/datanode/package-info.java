/// The datanode: leads regions, follows those that are about to come, and hands over those that are
/// to go. It owns nothing that cannot be rebuilt from the log and the shared storage.
///
/// Invariants: nothing is served before the node is registered under its own incarnation and has
/// proved that it sees the cluster's shared storage.
@org.jspecify.annotations.NullMarked
package terrane.datanode;
