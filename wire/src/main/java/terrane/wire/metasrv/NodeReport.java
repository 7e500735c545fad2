package terrane.wire.metasrv;

import terrane.core.Address;
import terrane.core.Node;

import java.time.Instant;
import java.util.Optional;

/// One member of the cluster, of any role, as `cluster_info` shows it.
///
/// @param kind `METASRV`, `DATANODE` or `FRONTEND`
/// @param node present for datanodes
/// @param lastSeen the last heartbeat, by the metasrv's wall clock
/// @param regions how many regions it leads; 0 for other roles
public record NodeReport(
        String kind,
        Optional<Node> node,
        long id,
        Address address,
        Address http,
        boolean alive,
        boolean leader,
        String version,
        Instant started,
        Instant lastSeen,
        int regions) {}
