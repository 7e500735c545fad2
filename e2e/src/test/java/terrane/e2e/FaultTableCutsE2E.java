package terrane.e2e;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import terrane.e2e.cluster.ClusterPlan;
import terrane.e2e.cluster.Hosts;
import terrane.e2e.cluster.StorageChoice;
import terrane.e2e.cluster.TestCluster;
import terrane.e2e.load.Load;

import java.util.Optional;

/// The cells of the table of faults in which somebody is cut off from all others, both ways or one
/// way, for longer than a lease: every role is on a host of its own.
@Tag("soak")
class FaultTableCutsE2E {
    @Test
    void whoeverIsCutOffNothingIsLostAndAllGoesOn() throws Exception {
        var name = "fault-table-cuts";
        var hosts = new Hosts(TestCluster.CHILDREN);
        var plan = ClusterPlan.usual(name, new StorageChoice.LocalFolder()).at(hosts);
        try (var cluster = TestCluster.start(plan);
                var load = Load.start(cluster, name)) {
            var cells = new TriedCells(new StagedFaults(cluster, Optional.of(hosts)), load);
            for (var cell : TriedCell.CUTS) {
                cells.hit(cell);
            }
            load.finishClean();
            cells.save();
        }
    }
}
