package terrane.datanode.region;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import terrane.core.Epoch;

import java.nio.file.Path;

/// Shows which copies go although nobody closes them, and which stay.
class HousekeepingTest {
    @TempDir private Path folder;
    private TwoNodes nodes;
    private final Regions regions = new Regions();

    @BeforeEach
    void openNodes() throws InterruptedException {
        nodes = new TwoNodes(folder);
    }

    @AfterEach
    void closeNodes() {
        nodes.close();
    }

    private Housekeeping of(TwoNodes.Side side) {
        regions.put(side.copy);
        var orphans =
                new OrphanSweep(
                        nodes.store, side.leases, nodes.clock, OrphanSweep.Terms.USUAL, _ -> {});
        return new Housekeeping(regions, side.leases, nodes.wal, side.node, nodes.clock, orphans);
    }

    @Test
    void aFormerLeaderThatWasAsleepWhenItWasReplacedGoesInTheSecondRound() throws Exception {
        var leader = nodes.side(1).leads(1);
        var housekeeping = of(leader);
        leader.leases.finish(TwoNodes.REGION, new Epoch(1));
        housekeeping.sweep();
        assertThat(regions.find(TwoNodes.REGION)).contains(leader.copy);
        housekeeping.sweep();
        assertThat(regions.find(TwoNodes.REGION)).isEmpty();
        assertThat(leader.copy.role()).isInstanceOf(Role.Stopped.class);
    }

    @Test
    void aLeaderWithALeaseStays() throws Exception {
        var leader = nodes.side(1).leads(1);
        var housekeeping = of(leader);
        housekeeping.sweep();
        housekeeping.sweep();
        assertThat(regions.find(TwoNodes.REGION)).contains(leader.copy);
    }

    @Test
    void aFollowerStaysForAsLongAsItsProcedureAsksForIt() {
        var follower = nodes.side(1).follows();
        var housekeeping = of(follower);
        for (int round = 0; round < 3; round++) {
            regions.copyOf(TwoNodes.PROCEDURE, TwoNodes.REGION);
            housekeeping.sweep();
        }
        assertThat(regions.find(TwoNodes.REGION)).contains(follower.copy);
        housekeeping.sweep();
        housekeeping.sweep();
        assertThat(regions.find(TwoNodes.REGION)).isEmpty();
    }
}
