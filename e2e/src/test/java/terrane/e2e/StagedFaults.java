package terrane.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import terrane.e2e.cluster.Child;
import terrane.e2e.cluster.ClusterInvariants;
import terrane.e2e.cluster.Hosts;
import terrane.e2e.cluster.TestCluster;
import terrane.e2e.load.Mover;
import terrane.e2e.load.Mover.Move;
import terrane.e2e.load.Pauses;
import terrane.e2e.load.Tables;
import terrane.sim.table.Cell;
import terrane.sim.table.End;
import terrane.sim.table.Fault;
import terrane.sim.table.Moment;
import terrane.sim.table.Role;

import tools.jackson.databind.JsonNode;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Kills, pauses or cuts off somebody in one certain state of a migration.
///
/// A state takes milliseconds, so it is made to last by pausing whom it waits for: the target opens
/// the region, the source says how far to catch up, and the broker takes the fence. The procedure
/// says before the fault that it is in that state, and when it has ended that it was in it until
/// then. On a busy machine a state may be over too early; then everything is let go, and it is
/// tried again, for a fault at another moment says nothing about this one.
final class StagedFaults {
    /// Shorter than a lease, so that whoever is paused has lost nothing by then.
    private static final Duration STATE_MAX = Duration.ofSeconds(2);

    /// The lease, and until somebody has noticed.
    private static final Duration RECLAIMING_MAX = Duration.ofSeconds(15);

    /// Longer than a lease.
    private static final Duration LONG = Duration.ofSeconds(5);

    private static final int ATTEMPTS_MAX = 5;

    private final TestCluster cluster;
    private final Optional<Hosts> hosts;
    private final Mover mover;

    /// @param hosts where networks can be cut; empty if all children are on one host
    StagedFaults(TestCluster cluster, Optional<Hosts> hosts) {
        this.cluster = cluster;
        this.hosts = hosts;
        this.mover = new Mover(cluster);
    }

    /// A migration that stays in its state for as long as the holders stand still, or are dead.
    private record Held(Move move, List<Child> holders) {}

    /// Returns when everything is as it should be again. Whatever fails, nobody stays paused or
    /// dead, so that what comes next is not about this.
    End hit(Cell cell, int region) throws Exception {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            var ended = hitOnce(cell, region);
            ClusterInvariants.check(cluster, List.of(Tables.LOG, Tables.GAUGE));
            if (ended.isPresent()) {
                return ended.get();
            }
        }
        throw new AssertionError("the fault never fell into its state: " + cell);
    }

    /// @return empty if the fault did not fall into its state
    private Optional<End> hitOnce(Cell cell, int region) throws Exception {
        Move move;
        Instant at;
        try {
            var held = hold(cell.moment(), region);
            move = held.move();
            if (!mover.stage(move).equals(cell.moment().state())) {
                return Optional.empty();
            }
            at = Instant.now().truncatedTo(ChronoUnit.MILLIS);
            strike(cell, held);
        } finally {
            hosts.ifPresent(Hosts::heal);
            for (var child : cluster.children()) {
                release(child);
            }
        }
        return ended(move, cell.moment().state(), at);
    }

    private void strike(Cell cell, Held held) throws Exception {
        var victim = victim(cell.role(), held.move());
        switch (cell.fault()) {
            case RESTART -> victim.kill();
            case PAUSE_LONG -> victim.pause();
            case CUT -> hosts.orElseThrow().cutOff(victim.name(), true, true);
            case DEAF -> hosts.orElseThrow().cutOff(victim.name(), true, false);
            case MUTE -> hosts.orElseThrow().cutOff(victim.name(), false, true);
            case KILL, PAUSE_SHORT, SUSPEND, SLOW, NO_LEASE ->
                    throw new IllegalArgumentException("not tried: " + cell);
        }
        for (var holder : held.holders()) {
            if (holder != victim) {
                release(holder);
            }
        }
        if (cell.fault() != Fault.RESTART) {
            new Pauses().sleep(LONG);
        }
    }

    private void release(Child child) throws Exception {
        if (child.running()) {
            child.resume();
        } else {
            cluster.restart(child);
        }
    }

    private Child victim(Role role, Move move) {
        return switch (role) {
            case SOURCE -> cluster.datanode(move.source());
            case TARGET -> cluster.datanode(move.target());
            case METASRV_LEADER -> cluster.metasrv(cluster.metasrvLeader());
            case METASRV_FOLLOWER ->
                    cluster.metasrv((cluster.metasrvLeader() + 1) % TestCluster.METASRVS);
            case BROKER -> cluster.broker();
            case FRONTEND -> cluster.frontend();
            case STORE -> throw new IllegalArgumentException("no process has the storage");
        };
    }

    private Held hold(Moment moment, int region) throws Exception {
        return switch (moment.state()) {
            case "Opening" -> holdOpening(region);
            case "CatchingUp" -> holdCatchingUp(region);
            case "HandingOver" -> holdHandingOver(region);
            case "Reclaiming" -> holdReclaiming(region);
            default -> throw new IllegalArgumentException(moment.toString());
        };
    }

    private Held holdOpening(int region) throws Exception {
        var way = mover.way(region);
        var target = cluster.datanode(way.target());
        target.pause();
        return new Held(mover.begin(way), List.of(target));
    }

    private Held holdCatchingUp(int region) throws Exception {
        var way = mover.way(region);
        var source = cluster.datanode(way.source());
        source.pause();
        var move = mover.begin(way);
        mover.stageAfter(move, "Opening", STATE_MAX);
        return new Held(move, List.of(source));
    }

    /// The source is dead, and the claimant can neither look at the log nor fence.
    private Held holdReclaiming(int region) throws Exception {
        var held = holdCatchingUp(region);
        var source = held.holders().getFirst();
        cluster.broker().pause();
        source.kill();
        mover.stageAfter(held.move(), "CatchingUp", RECLAIMING_MAX);
        return new Held(held.move(), List.of(source, cluster.broker()));
    }

    /// The migration is at handing over for as long as the source's lease lasts, because the broker
    /// stands still and takes no fence. Nobody outside sees when the target has read all there is,
    /// so the broker may stand still too early. The source is held until the broker stands still.
    private Held holdHandingOver(int region) throws Exception {
        for (var table : List.of(Tables.LOG, Tables.GAUGE)) {
            cluster.sql("ADMIN flush_table('" + table + "')"); // little is left to read
        }
        var way = mover.way(region);
        var source = cluster.datanode(way.source());
        source.pause();
        var move = mover.begin(way);
        mover.stageAfter(move, "Opening", STATE_MAX);
        cluster.broker().pause();
        source.resume();
        mover.stageAfter(move, "CatchingUp", STATE_MAX);
        return new Held(move, List.of(cluster.broker()));
    }

    /// Waits for the end, and finds out whether the migration was in that state at that time.
    private Optional<End> ended(Move move, String state, Instant at) {
        var ended = mover.awaitEnd(move);
        var stages = new ArrayList<JsonNode>();
        ended.path("stages").forEach(stages::add);
        var names = stages.stream().map(stage -> text(stage, "name")).toList();
        System.out.printf("%s: %s%n", names, text(ended, "status"));
        assertThat(names).as("%s", ended).isNotEmpty();
        return stages.stream().anyMatch(stage -> isDuring(stage, state, at))
                ? Optional.of(End.of(names))
                : Optional.empty();
    }

    private static boolean isDuring(JsonNode stage, String state, Instant at) {
        return text(stage, "name").equals(state)
                && !Instant.parse(text(stage, "began")).isAfter(at)
                && !Instant.parse(text(stage, "ended")).isBefore(at);
    }

    private static String text(JsonNode node, String name) {
        return node.path(name).asString();
    }
}
