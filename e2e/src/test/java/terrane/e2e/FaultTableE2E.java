package terrane.e2e;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import terrane.e2e.cluster.ClusterInvariants;
import terrane.e2e.cluster.StorageChoice;
import terrane.e2e.cluster.TestCluster;
import terrane.e2e.load.Load;
import terrane.e2e.load.Tables;
import terrane.sim.table.Cell;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// In each state of a migration each role dies, or stands still for longer than a lease, under
/// continuous writes and reads; the checker judges each cell. Ten cells in every build, the others
/// in the soak. With `-Dterrane.fault-table=write` what came of them goes into the document.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultTableE2E {
    private final TestCluster cluster;
    private final Load load;
    private final TriedCells cells;

    FaultTableE2E() throws IOException, InterruptedException {
        cluster = TestCluster.start("fault-table", new StorageChoice.LocalFolder());
        load = Load.start(cluster, "fault-table");
        cells = new TriedCells(new StagedFaults(cluster, Optional.empty()), load);
    }

    @BeforeAll
    void everythingServes() throws Exception {
        ClusterInvariants.check(cluster, List.of(Tables.LOG, Tables.GAUGE));
    }

    static List<Cell> telling() {
        return TriedCell.ALWAYS;
    }

    static List<Cell> others() {
        return TriedCell.MORE;
    }

    @ParameterizedTest
    @MethodSource("telling")
    void nothingIsLostAndAllGoesOn(Cell cell) throws Exception {
        cells.hit(cell);
    }

    @Tag("soak")
    @ParameterizedTest
    @MethodSource("others")
    void nothingIsLostInTheOtherCells(Cell cell) throws Exception {
        cells.hit(cell);
    }

    @AfterAll
    void everythingIsThere() throws Exception {
        try (cluster;
                load) {
            load.finishClean();
        }
        cells.save();
    }
}
