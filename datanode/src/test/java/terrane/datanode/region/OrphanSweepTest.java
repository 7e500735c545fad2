package terrane.datanode.region;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// What a flush has left that failed goes, by the round that every leader makes, and nothing else.
class OrphanSweepTest {
    private static final OrphanSweep.Terms AT_ONCE =
            new OrphanSweep.Terms(Duration.ZERO, Duration.ZERO);

    @TempDir private Path folder;
    private final AtomicInteger deleted = new AtomicInteger();
    private FlushFixture node;

    @BeforeEach
    void flushOnceInVainAndOnceWell() throws Exception {
        node = new FlushFixture(folder);
        node.flushInVain(1);
        node.flush();
        assertThat(node.files()).hasSize(2);
    }

    @AfterEach
    void close() {
        node.close();
    }

    private Housekeeping housekeeping(OrphanSweep.Terms terms) {
        var orphans =
                new OrphanSweep(
                        node.nodes.store,
                        node.leader.leases,
                        node.nodes.clock,
                        terms,
                        deleted::addAndGet);
        return new Housekeeping(
                node.regions,
                node.leader.leases,
                node.nodes.wal,
                node.leader.node,
                node.nodes.clock,
                orphans);
    }

    @Test
    void fileOfAFailedFlushGoesAndTheOneOfTheNextStays() throws Exception {
        housekeeping(AT_ONCE).visitAll();
        assertThat(node.files()).isEqualTo(node.named()).hasSize(1);
        assertThat(deleted).hasValue(1);
    }

    @Test
    void nothingGoesBeforeTheGracePeriodIsOver() throws Exception {
        var housekeeping = housekeeping(new OrphanSweep.Terms(Duration.ofHours(1), Duration.ZERO));
        housekeeping.visitAll();
        housekeeping.visitAll();
        assertThat(node.files()).hasSize(2);
    }

    @Test
    void nothingGoesWhileAFlushIsUnderWay() throws Exception {
        assertThat(node.leader.copy.edits().begin()).isTrue();
        housekeeping(AT_ONCE).visitAll();
        assertThat(node.files()).hasSize(2);
        node.leader.copy.edits().end();
        housekeeping(AT_ONCE).visitAll();
        assertThat(node.files()).hasSize(1);
    }

    @Test
    void nothingGoesWithoutALease() throws Exception {
        node.leader.leases.finish(TwoNodes.REGION, FlushFixture.EPOCH);
        housekeeping(AT_ONCE).visitAll();
        assertThat(node.files()).hasSize(2);
        assertThat(deleted).hasValue(0);
    }

    @Test
    void regionIsNotLookedAtAgainBeforeItsTime() throws Exception {
        var housekeeping = housekeeping(new OrphanSweep.Terms(Duration.ZERO, Duration.ofHours(1)));
        housekeeping.visitAll();
        assertThat(node.files()).hasSize(1);
        node.flushInVain(2);
        housekeeping.visitAll();
        assertThat(node.files()).hasSize(2);
    }
}
