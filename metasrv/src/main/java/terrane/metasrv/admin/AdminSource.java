package terrane.metasrv.admin;

import terrane.core.Address;
import terrane.metasrv.procedure.MigrationRequests;
import terrane.wire.metasrv.NodeReport;

import java.util.List;
import java.util.Optional;

/// What the admin API shows of the member that serves it, beside the catalog.
public interface AdminSource {
    /// Present while this member leads.
    Optional<MigrationRequests> migrations();

    /// All members of the cluster, as `cluster_info` shows them; complete on the leader only.
    List<NodeReport> nodes();

    /// In Prometheus' text format.
    String metrics();

    /// This member's own HTTP address, as others reach it.
    Address http();
}
