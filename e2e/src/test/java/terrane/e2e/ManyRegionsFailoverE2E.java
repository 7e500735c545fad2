package terrane.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import terrane.e2e.cluster.ClusterPlan;
import terrane.e2e.cluster.StorageChoice;
import terrane.e2e.cluster.TestCluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// Kills a datanode that leads 64 regions on 4 WAL topics with much that is not in files, and
/// measures how long it takes until the last of them acknowledges again, and how much of the log
/// was read for it. Nothing may be missing afterwards.
class ManyRegionsFailoverE2E {
    private static final long MIB = 1 << 20;

    /// How long a busy machine may take in a build; the goal of lease + 3 s is for one that is not.
    private static final Duration BUSY_MAX = Duration.ofSeconds(60);

    /// A lease and three seconds.
    private static final Duration FAILOVER_MAX = Duration.ofSeconds(3 + 3);

    /// Times the log: on a busy machine claims come far apart, and then a pass goes back up to
    /// three times. A reading for each region would be sixteen.
    private static final double BUSY_READ_MAX = 4.4;

    private static final double READ_MAX = 1.1;

    /// Of the log: a follower that has read everything reads fences, and no rows again. The rest is
    /// for followers of the new leaders, which may begin before the last region is back.
    private static final double FOLLOWED_READ_MAX = 1.1;

    /// A lease and half a second.
    private static final Duration FOLLOWED_FAILOVER_MAX = Duration.ofMillis(3_000 + 500);

    @Test
    void aKilledLeaderOfManyRegionsIsReplacedByOnePassOverTheLog() throws Exception {
        measure(16, 0, BUSY_MAX, BUSY_READ_MAX);
    }

    @Test
    @Tag("soak")
    void aKilledLeaderOfManyRegionsWithMuchUnflushedIsReplacedInTime() throws Exception {
        measure(256, 0, FAILOVER_MAX, READ_MAX);
    }

    @Test
    @Tag("soak")
    void aKilledLeaderOfManyFollowedRegionsIsReplacedWithoutReplay() throws Exception {
        measure(256, 1, FOLLOWED_FAILOVER_MAX, FOLLOWED_READ_MAX);
    }

    private static void measure(long unflushedMib, int followers, Duration atMost, double readMax)
            throws Exception {
        var name = "many-regions-" + unflushedMib + (followers > 0 ? "-followed" : "");
        var plan =
                ClusterPlan.usual(name, new StorageChoice.LocalFolder())
                        .with(
                                "datanode",
                                "datanode.memtable.size=2GiB",
                                "datanode.region.flush.size=1GiB");
        try (var cluster = TestCluster.start(plan)) {
            var regions = new ManyRegions(cluster, Path.of("target", "e2e", name), followers);
            regions.createTableOnTheFirstDatanode();
            long rows = regions.fill(unflushedMib * MIB);
            if (followers > 0) {
                regions.awaitFollowed();
            }
            long logBytes = regions.logBytes();
            long readBefore = regions.readBytes(1) + regions.readBytes(2);
            var took = regions.killFirstDatanode();
            long read = regions.readBytes(1) + regions.readBytes(2) - readBefore;
            report(took, logBytes, read);
            assertThat(regions.rowCount()).isEqualTo(rows + ManyRegions.REGIONS);
            assertThat(took.getLast()).isLessThan(atMost.toMillis());
            assertThat((double) read).isLessThanOrEqualTo(readMax * logBytes);
        }
    }

    private static void report(List<Long> took, long logBytes, long read) {
        System.out.printf(
                Locale.ROOT,
                "failover of %d regions, log %.1f MiB, read %.1f MiB (%.3f): first %d ms,"
                        + " median %d ms, last %d ms after the kill%n",
                ManyRegions.REGIONS,
                (double) logBytes / MIB,
                (double) read / MIB,
                (double) read / logBytes,
                took.getFirst(),
                took.get(ManyRegions.REGIONS / 2),
                took.getLast());
    }
}
