package terrane.e2e;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import terrane.e2e.cluster.ClusterInvariants;
import terrane.e2e.cluster.ClusterPlan;
import terrane.e2e.cluster.Hosts;
import terrane.e2e.cluster.StorageChoice;
import terrane.e2e.cluster.TestCluster;
import terrane.e2e.load.Load;
import terrane.e2e.load.Mover;
import terrane.e2e.load.Mover.Move;
import terrane.e2e.load.Pauses;
import terrane.e2e.load.Tables;

import java.time.Duration;
import java.util.List;

/// Every role on a host of its own, and the network between two of them cut for longer than a
/// lease, in the midst of a migration under load: both ways, or one way, so that one hears the
/// other and cannot say so. Nothing is lost or doubled, and all goes on when the cut is healed.
@Tag("soak")
class NetworkCutE2E {
    private static final Duration CUT = Duration.ofSeconds(5);

    /// The migration has begun.
    private static final Duration MOMENT = Duration.ofMillis(200);

    /// Clients have one frontend and one broker, and may notice where one of these is cut off.
    private enum Cut {
        SOURCE_AND_METASRVS(true, false),
        TARGET_TO_METASRVS(true, false),
        FRONTEND_AND_SOURCE(true, true),
        METASRV_LEADER_AND_OTHERS(true, false),
        SOURCE_TO_BROKER(true, true),
        SOURCE_TO_METASRVS(false, false),
        METASRVS_TO_SOURCE(false, false),
        TARGET_AND_METASRVS(false, false),
        FRONTEND_TO_SOURCE(false, true),
        SOURCE_TO_FRONTEND(false, true),
        METASRV_LEADER_TO_OTHERS(false, false),
        OTHERS_TO_METASRV_LEADER(false, false),
        TARGET_AND_BROKER(false, true),
        BROKER_TO_SOURCE(false, true);

        private final boolean always;
        private final boolean clientsNotice;

        /// @param always also where tests must be short
        Cut(boolean always, boolean clientsNotice) {
            this.always = always;
            this.clientsNotice = clientsNotice;
        }
    }

    @Test
    void hostsMayBeCutOffFromEachOther() throws Exception {
        var name = "network";
        var hosts = new Hosts(TestCluster.CHILDREN);
        var plan = ClusterPlan.usual(name, new StorageChoice.LocalFolder()).at(hosts);
        try (var cluster = TestCluster.start(plan);
                var load = Load.start(cluster, name)) {
            int region = 0;
            for (var cut : Cut.values()) {
                if (cut.always || Boolean.getBoolean("terrane.soak")) {
                    during(cut, cluster, load, hosts, region++ % 4);
                }
            }
            System.out.println("network: " + load.finishClean());
            ClusterInvariants.check(cluster, List.of(Tables.LOG, Tables.GAUGE));
        }
    }

    private static void during(Cut cut, TestCluster cluster, Load load, Hosts hosts, int region)
            throws Exception {
        long began = System.nanoTime();
        var pauses = new Pauses();
        var mover = new Mover(cluster);
        int leader = cluster.metasrvLeader();
        var move = mover.begin(region);
        pauses.sleep(MOMENT);
        cut(cut, hosts, move, leader);
        try {
            pauses.sleep(CUT);
        } finally {
            hosts.heal();
        }
        var ended = mover.awaitEnd(move);
        if (cut.clientsNotice) {
            load.allowOutage(began);
        }
        ClusterInvariants.check(cluster, List.of(Tables.LOG, Tables.GAUGE));
        load.awaitProgress();
        System.out.printf(
                "%s: %s, all is well after %d ms%n",
                cut,
                ended.path("status").asString(),
                Duration.ofNanos(System.nanoTime() - began).toMillis());
    }

    private static void cut(Cut cut, Hosts hosts, Move move, int leader) {
        var source = "datanode-" + move.source();
        var target = "datanode-" + move.target();
        var metasrvs = metasrvs(-1);
        switch (cut) {
            case SOURCE_AND_METASRVS -> metasrvs.forEach(each -> hosts.cutBoth(source, each));
            case SOURCE_TO_METASRVS -> metasrvs.forEach(each -> hosts.cut(source, each));
            case METASRVS_TO_SOURCE -> metasrvs.forEach(each -> hosts.cut(each, source));
            case TARGET_AND_METASRVS -> metasrvs.forEach(each -> hosts.cutBoth(target, each));
            case TARGET_TO_METASRVS -> metasrvs.forEach(each -> hosts.cut(target, each));
            case FRONTEND_AND_SOURCE -> hosts.cutBoth("frontend-0", source);
            case FRONTEND_TO_SOURCE -> hosts.cut("frontend-0", source);
            case SOURCE_TO_FRONTEND -> hosts.cut(source, "frontend-0");
            case METASRV_LEADER_AND_OTHERS, METASRV_LEADER_TO_OTHERS, OTHERS_TO_METASRV_LEADER ->
                    cutLeader(cut, hosts, leader);
            case SOURCE_TO_BROKER -> hosts.cut(source, "broker");
            case BROKER_TO_SOURCE -> hosts.cut("broker", source);
            case TARGET_AND_BROKER -> hosts.cutBoth(target, "broker");
        }
    }

    private static void cutLeader(Cut cut, Hosts hosts, int leader) {
        var alone = "metasrv-" + leader;
        for (var other : metasrvs(leader)) {
            if (cut != Cut.OTHERS_TO_METASRV_LEADER) {
                hosts.cut(alone, other);
            }
            if (cut != Cut.METASRV_LEADER_TO_OTHERS) {
                hosts.cut(other, alone);
            }
        }
    }

    private static List<String> metasrvs(int but) {
        return TestCluster.CHILDREN.stream()
                .filter(child -> child.startsWith("metasrv-") && !child.endsWith("-" + but))
                .toList();
    }
}
