package terrane.metasrv.procedure;

import static org.assertj.core.api.Assertions.assertThat;

import static terrane.metasrv.procedure.Town.FIRST;
import static terrane.metasrv.procedure.Town.SECOND;
import static terrane.metasrv.procedure.Town.THIRD;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import terrane.core.Node;
import terrane.core.WalPartition;
import terrane.core.lease.Suspicion;

import java.util.ArrayList;
import java.util.List;

/// Who gets the regions of a datanode that is gone: even shares, and no log partition read by two
/// where one will do.
class SharesTest {
    private Town town;
    private Vitals vitals;

    @BeforeEach
    void killTheLeader() throws InterruptedException {
        town = Town.founded();
        town.nodes.kill(FIRST);
        vitals =
                new Vitals(
                        town.store,
                        town.nodes,
                        town.ledger,
                        new Listening(Suspicion.Parameters.USUAL, town.ledger.terms(), town.clock),
                        town.clock);
    }

    private static List<Node> shared(Shares shares, String topic, int regions) {
        var nodes = new ArrayList<Node>();
        for (int i = 0; i < regions; i++) {
            nodes.add(shares.next(new WalPartition(topic, 0), FIRST).orElseThrow());
        }
        return nodes;
    }

    @Test
    void regionsOfOnePartitionGoToOneNodeWhereThatIsEven() {
        var shares = new Shares(vitals, 8);
        assertThat(shared(shares, "a", 2)).containsOnly(SECOND);
        assertThat(shared(shares, "b", 2)).containsOnly(THIRD);
        assertThat(shared(shares, "c", 2)).containsOnly(SECOND);
        assertThat(shared(shares, "d", 2)).containsOnly(THIRD);
    }

    @Test
    void aPartitionIsSplitRatherThanGivenToOneNodeWhole() {
        var shares = new Shares(vitals, 6);
        assertThat(shared(shares, "a", 6))
                .containsExactly(SECOND, SECOND, SECOND, THIRD, THIRD, THIRD);
    }

    @Test
    void nobodyGetsAnythingWhereNobodyLives() {
        town.nodes.kill(SECOND);
        town.nodes.kill(THIRD);
        assertThat(new Shares(vitals, 1).next(new WalPartition("a", 0), FIRST)).isEmpty();
    }
}
