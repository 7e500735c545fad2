package terrane.sim.table;

import terrane.sim.cluster.DatanodeHost;
import terrane.sim.cluster.SimCluster;
import terrane.sim.cluster.SimHost;
import terrane.sim.log.SimBroker;
import terrane.sim.storage.SimStorage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// One fault of one role, from the moment on at which it is made.
final class Strike {
    /// Less than a lease.
    static final Duration SHORT = Duration.ofSeconds(1);

    /// More than a lease, and than what it takes to notice that it is over.
    static final Duration LONG = Duration.ofSeconds(5);

    private static final Duration RESTART = Duration.ofMillis(300);

    /// A successor has fenced by then, and an append is still tried.
    private static final Duration LOG_AWAY = Duration.ofMillis(4_500);

    /// Whom nobody starts before the fault is over.
    private static final Duration NEVER = Duration.ofHours(1);

    /// Who is slow has a tenth of its machine: it waits for up to that long, then has a turn.
    private static final Duration STARVED_MAX = Duration.ofMillis(60);

    private static final Duration TURN = Duration.ofMillis(3);

    private static final Duration BROKER_SLOW = Duration.ofMillis(800);
    private static final Duration STORE_SLOW = Duration.ofSeconds(2);

    private final SimCluster cluster;
    private final Move move;
    private final Fault fault;
    private final List<SimHost> dead = new ArrayList<>();
    private boolean over;

    private Strike(Move move, Fault fault) {
        this.cluster = move.cluster();
        this.move = move;
        this.fault = fault;
    }

    /// Hits at once.
    ///
    /// @throws IllegalStateException if there is nobody to hit
    static Strike at(Move move, Role role, Fault fault) {
        var strike = new Strike(move, fault);
        switch (role) {
            case BROKER -> strike.hitBroker();
            case STORE -> strike.hitStore();
            case SOURCE, TARGET, METASRV_LEADER, METASRV_FOLLOWER, FRONTEND ->
                    strike.hit(strike.host(role));
        }
        return strike;
    }

    /// How long it lasts.
    Duration length() {
        return fault == Fault.PAUSE_SHORT || fault == Fault.RESTART ? SHORT : LONG;
    }

    /// Everything that can be ended is.
    void end() {
        over = true;
        cluster.healAll();
        dead.forEach(SimHost::start);
    }

    private SimHost host(Role role) {
        var host =
                switch (role) {
                    case SOURCE -> move.host(move.source());
                    case TARGET -> target();
                    case METASRV_LEADER -> cluster.metasrvLeader().orElseThrow();
                    case METASRV_FOLLOWER -> follower();
                    case FRONTEND -> cluster.frontends().getFirst();
                    case BROKER, STORE -> throw new IllegalArgumentException(role.toString());
                };
        if (!host.runs()) {
            throw new IllegalStateException(host.name() + " does not run");
        }
        return host;
    }

    private DatanodeHost target() {
        return move.host(move.claimant());
    }

    private SimHost follower() {
        var leader = cluster.metasrvLeader().orElseThrow();
        return cluster.world()
                .chance()
                .pick(cluster.metasrvs().stream().filter(host -> host != leader).toList());
    }

    private void hit(SimHost host) {
        switch (fault) {
            case KILL -> {
                host.kill(NEVER);
                dead.add(host);
            }
            case RESTART -> host.kill(RESTART);
            case PAUSE_SHORT, PAUSE_LONG -> host.pause(length(), false);
            case SUSPEND -> host.pause(length(), true);
            case CUT -> cut(host.name(), true, true);
            case DEAF -> cut(host.name(), true, false);
            case MUTE -> cut(host.name(), false, true);
            case NO_LEASE -> takeLease(host);
            case SLOW -> starve(host);
        }
    }

    private void cut(String one, boolean deaf, boolean mute) {
        var others = new ArrayList<String>();
        cluster.hosts().forEach(host -> others.add(host.name()));
        others.addAll(List.of(SimBroker.HOST, SimStorage.HOST));
        others.remove(one);
        for (var other : others) {
            if (deaf) {
                cluster.network().cut(other, one);
            }
            if (mute) {
                cluster.network().cut(one, other);
            }
        }
    }

    private void takeLease(SimHost host) {
        for (var metasrv : cluster.metasrvs()) {
            cluster.network().cut(host.name(), metasrv.name());
            cluster.network().cut(metasrv.name(), host.name());
        }
        cluster.network().cut(host.name(), SimBroker.HOST);
        cluster.world().after(LOG_AWAY, () -> cluster.network().heal(host.name(), SimBroker.HOST));
    }

    private void starve(SimHost host) {
        if (!over) {
            var starved = cluster.world().chance().between(TURN, STARVED_MAX);
            host.pause(starved, false);
            cluster.world().after(starved.plus(TURN), () -> starve(host));
        }
    }

    private void hitBroker() {
        switch (fault) {
            case KILL, PAUSE_SHORT -> cluster.broker().away(true);
            case DEAF -> cut(SimBroker.HOST, true, false);
            case MUTE -> cut(SimBroker.HOST, false, true);
            case SLOW -> cluster.broker().slow(BROKER_SLOW);
            case RESTART, PAUSE_LONG, SUSPEND, CUT, NO_LEASE ->
                    throw new IllegalArgumentException("" + fault);
        }
    }

    private void hitStore() {
        switch (fault) {
            case KILL, PAUSE_SHORT -> cluster.storage().away(true);
            case DEAF -> cut(SimStorage.HOST, true, false);
            case MUTE -> cut(SimStorage.HOST, false, true);
            case SLOW -> cluster.storage().slow(STORE_SLOW);
            case RESTART, PAUSE_LONG, SUSPEND, CUT, NO_LEASE ->
                    throw new IllegalArgumentException("" + fault);
        }
    }
}
