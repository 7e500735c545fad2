package terrane.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import terrane.e2e.cluster.ClusterInvariants;
import terrane.e2e.cluster.StorageChoice;
import terrane.e2e.cluster.TestCluster;
import terrane.e2e.load.Load;
import terrane.e2e.load.Tables;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/// In each state of a migration each role dies, or stands still for longer than a lease, under
/// continuous writes and reads; the checker judges each cell. Ten cells in every build, all with
/// `-Dterrane.soak=true`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultTableE2E {
    private final TestCluster cluster;
    private final Load load;
    private int cells;

    FaultTableE2E() throws IOException, InterruptedException {
        cluster = TestCluster.start("fault-table", new StorageChoice.LocalFolder());
        load = Load.start(cluster, "fault-table");
    }

    static Stream<Cell> cells() {
        return Boolean.getBoolean("terrane.soak") ? Stream.of(Cell.values()) : Cell.ALWAYS.stream();
    }

    @BeforeAll
    void everythingServes() throws Exception {
        ClusterInvariants.check(cluster, List.of(Tables.LOG, Tables.GAUGE));
    }

    @ParameterizedTest
    @MethodSource("cells")
    void nothingIsLostAndAllGoesOn(Cell cell) throws Exception {
        long began = System.nanoTime();
        new StagedFaults(cluster).hit(cell, cells++ % 4);
        if (cell.clientsNotice()) {
            load.allowOutage(began);
        }
        load.awaitProgress();
        var verdict = load.soFar();
        assertThat(verdict.violations()).as("%s", verdict).isEmpty();
    }

    @AfterAll
    void everythingIsThere() throws Exception {
        try (cluster;
                load) {
            load.finishClean();
        }
    }
}
