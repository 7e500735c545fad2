package terrane.wire.metasrv;

import terrane.core.Address;
import terrane.core.Node;

import java.time.Instant;
import java.util.Optional;

/// One member of the cluster, of any role, as `cluster_info` shows it.
///
/// @param kind `METASRV`, `DATANODE` or `FRONTEND`
/// @param node present for datanodes
/// @param version empty where the leader does not know it, which is so for other metasrvs
/// @param started likewise
/// @param lastSeen the last heartbeat, by the leader's wall clock; empty if there was none under it
/// @param regions how many regions it leads; 0 for other roles
public record NodeReport(
        String kind,
        Optional<Node> node,
        long id,
        Address address,
        Address http,
        boolean alive,
        boolean leader,
        Optional<String> version,
        Optional<Instant> started,
        Optional<Instant> lastSeen,
        int regions) {}
