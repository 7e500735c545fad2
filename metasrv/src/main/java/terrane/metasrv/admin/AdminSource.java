package terrane.metasrv.admin;

import terrane.core.Address;
import terrane.core.RegionId;
import terrane.core.catalog.Route;
import terrane.metasrv.client.NodeList;
import terrane.metasrv.client.PoisonList;
import terrane.metasrv.procedure.MigrationRequests;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the admin API shows of the member that serves it, beside the catalog.
public interface AdminSource {
    /// Present while this member leads.
    Optional<MigrationRequests> migrations();

    /// The datanodes that the leader has heard of; empty on others.
    List<NodeList.Heard> heard();

    /// Who follows regions, as the leader found them last; empty on others.
    Map<RegionId, Route.Leader> followers();

    /// Records that cannot be read, as the leader knows them; empty on others.
    Optional<PoisonList> poisons();

    /// In Prometheus' text format.
    String metrics();

    /// This member's own HTTP address, as others reach it.
    Address http();
}
