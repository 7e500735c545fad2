package terrane.datanode.region;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import terrane.core.RegionId;
import terrane.core.WalOffset;
import terrane.core.WalPartition;
import terrane.wire.metasrv.NodeRequest.Unreadable;

/// What a node remembers of records that its copies have stopped at: one for each region, until a
/// copy gets past it, and never more than a heartbeat can carry.
class PoisonsTest {
    private static final RegionId REGION = new RegionId(1);

    private final Poisons poisons = new Poisons();

    private static Unreadable at(RegionId region, long offset) {
        var wal = new WalPartition("wal", 0);
        return new Unreadable(region, wal, new WalOffset(offset), true, "too new");
    }

    @Test
    void oneIsForgottenWhenACopyHasGotPastItAndNotBefore() {
        poisons.add(at(REGION, 7));
        poisons.passed(REGION, new WalOffset(7));
        poisons.passed(new RegionId(2), new WalOffset(8));
        assertThat(poisons.all()).containsExactly(at(REGION, 7));
        poisons.passed(REGION, new WalOffset(8));
        assertThat(poisons.all()).isEmpty();
        poisons.passed(REGION, new WalOffset(9));
    }

    @Test
    void oneThatIsMetAgainIsCountedOnce() {
        poisons.add(at(REGION, 7));
        poisons.add(at(REGION, 7));
        assertThat(poisons.foundCount()).isOne();
        poisons.add(at(REGION, 9));
        assertThat(poisons.foundCount()).isEqualTo(2);
        assertThat(poisons.all()).containsExactly(at(REGION, 9));
    }

    @Test
    void ofTooManyTheOldestIsForgotten() {
        for (int i = 0; i <= Poisons.POISONS_MAX; i++) {
            poisons.add(at(new RegionId(i), 7));
        }
        assertThat(poisons.all())
                .hasSize(Poisons.POISONS_MAX)
                .doesNotContain(at(new RegionId(0), 7));
    }
}
