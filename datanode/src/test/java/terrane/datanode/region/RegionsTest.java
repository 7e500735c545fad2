package terrane.datanode.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;

import terrane.core.Address;
import terrane.core.Epoch;
import terrane.core.Incarnation;
import terrane.core.LeaderHint;
import terrane.core.Node;
import terrane.core.PeerId;
import terrane.core.RegionId;
import terrane.core.TerraneException;

/// Shows what a node still says of regions that it has no longer.
class RegionsTest {
    private final Regions regions = new Regions();

    @Test
    void whereTheNewestRegionsWentIsRememberedAndNoMore() {
        for (int region = 0; region <= Regions.GONE_MAX; region++) {
            regions.remember(hint(region));
        }
        assertThat(refusal(0).hint()).isEmpty();
        assertThat(refusal(1).hint()).contains(hint(1));
        assertThat(refusal(Regions.GONE_MAX).hint()).contains(hint(Regions.GONE_MAX));
    }

    private TerraneException.NotLeader refusal(int region) {
        return catchThrowableOfType(
                TerraneException.NotLeader.class, () -> regions.copy(new RegionId(region)));
    }

    private static LeaderHint hint(int region) {
        return new LeaderHint(
                new RegionId(region),
                new Epoch(1),
                new Node(new PeerId(2), new Incarnation(3, 4)),
                new Address("127.0.0.1", 5));
    }
}
