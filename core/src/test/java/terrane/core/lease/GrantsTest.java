package terrane.core.lease;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import terrane.core.Epoch;
import terrane.core.Incarnation;
import terrane.core.Node;
import terrane.core.PeerId;
import terrane.core.RegionId;
import terrane.core.TableId;
import terrane.core.WalOffset;
import terrane.core.WalPartition;
import terrane.core.catalog.Leadership;
import terrane.core.catalog.RegionRecord;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Walks every leadership over three nodes and four epochs, and asks for every lease in each.
class GrantsTest {
    private static final LeaseTerms TERMS = new LeaseTerms(Duration.ofSeconds(3));
    private static final RegionId REGION = TableId.FIRST.region(0);
    private static final long NOW = 1_000_000_000_000L;

    /// The last is another incarnation of the first one's peer.
    private static final List<Node> NODES = List.of(node(1, 1), node(2, 2), node(1, 3));

    private static final List<Epoch> EPOCHS =
            List.of(new Epoch(1), new Epoch(2), new Epoch(3), new Epoch(4));

    private static Node node(long peer, long incarnation) {
        return new Node(new PeerId(peer), new Incarnation(incarnation, incarnation));
    }

    private static List<Leadership> leaderships() {
        var all = new ArrayList<Leadership>();
        for (var node : NODES) {
            for (var epoch : EPOCHS) {
                all.add(new Leadership.Led(node, epoch));
                all.add(new Leadership.Reclaiming(node, epoch));
                for (var target : NODES) {
                    all.add(new Leadership.HandingOver(node, epoch, target, epoch.next()));
                }
            }
        }
        return all;
    }

    private static RegionRecord region(Leadership leadership) {
        return new RegionRecord(
                REGION,
                new WalPartition("wal", 0),
                leadership,
                new Epoch(9),
                Optional.empty(),
                WalOffset.ZERO);
    }

    private record Lease(Node node, Epoch epoch) {}

    private static List<Lease> granted(Leadership leadership, LeaseLedger ledger) {
        var granted = new ArrayList<Lease>();
        for (var node : NODES) {
            for (var epoch : EPOCHS) {
                if (Grants.allows(region(leadership), node, epoch, ledger, NOW)) {
                    granted.add(new Lease(node, epoch));
                }
            }
        }
        return granted;
    }

    private static LeaseLedger settled() {
        return new LeaseLedger(TERMS, Duration.ZERO, NOW - Duration.ofHours(1).toNanos());
    }

    private static LeaseLedger fresh() {
        return new LeaseLedger(TERMS, TERMS.duration(), NOW - 1);
    }

    /// What §3 and §4 of the protocol say, for a region whose lower epochs have all lapsed.
    private static Lease expected(Leadership leadership) {
        return switch (leadership) {
            case Leadership.Led led -> new Lease(led.leader(), led.epoch());
            case Leadership.HandingOver h -> new Lease(h.target(), h.next());
            case Leadership.Reclaiming r -> new Lease(r.claimant(), r.epoch());
        };
    }

    @Test
    void exactlyOneIncarnationUnderOneEpochIsGrantedInEachState() {
        for (var leadership : leaderships()) {
            var lease = expected(leadership);
            assertThat(granted(leadership, settled()))
                    .as("%s", leadership)
                    .isEqualTo(EPOCHS.contains(lease.epoch()) ? List.of(lease) : List.of());
        }
    }

    @Test
    void claimantIsGrantedNothingWhileALowerLeaseMayBeHeld() {
        for (var leadership : leaderships()) {
            if (leadership instanceof Leadership.Reclaiming claim) {
                var ledger = settled();
                EPOCHS.stream()
                        .filter(claim.epoch()::isAbove)
                        .forEach(lower -> ledger.grant(REGION, lower, NOW - 1));
                assertThat(granted(leadership, ledger).isEmpty())
                        .as("%s", leadership)
                        .isEqualTo(claim.epoch().value() > 1);
            }
        }
    }

    @Test
    void freshLeaderRenewsButLetsNobodyReclaim() {
        for (var leadership : leaderships()) {
            boolean waits =
                    leadership instanceof Leadership.Reclaiming claim && claim.epoch().value() > 1;
            boolean inRange = EPOCHS.contains(expected(leadership).epoch());
            assertThat(granted(leadership, fresh()).isEmpty())
                    .as("%s", leadership)
                    .isEqualTo(waits || !inRange);
        }
    }

    @Test
    void finalEpochIsNeverGrantedAgain() {
        for (var leadership : leaderships()) {
            var ledger = settled();
            EPOCHS.forEach(epoch -> ledger.finalized(REGION, epoch));
            assertThat(granted(leadership, ledger)).as("%s", leadership).isEmpty();
        }
    }
}
