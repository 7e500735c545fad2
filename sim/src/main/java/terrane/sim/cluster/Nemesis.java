package terrane.sim.cluster;

import terrane.core.catalog.Leadership;
import terrane.core.catalog.Procedure;
import terrane.core.catalog.RegionRecord;
import terrane.core.migration.Plan;
import terrane.core.wal.WalRecord;
import terrane.core.wal.WalRecordCodec;
import terrane.sim.log.SimBroker;
import terrane.sim.storage.SimStorage;
import terrane.sim.world.Chance;
import terrane.wire.metasrv.ClientRequest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Injects faults of the given kinds at random moments, each for a random time.
public final class Nemesis {
    private static final Duration FIRST_MAX = Duration.ofSeconds(2);
    private static final Duration GAP_MIN = Duration.ofMillis(50);
    private static final Duration GAP_MAX = Duration.ofSeconds(4);

    /// Up to three leases.
    private static final Duration LENGTH_MAX = Duration.ofSeconds(9);

    /// Less than a record is tried.
    private static final Duration LEASE_AND_MORE = Duration.ofMillis(5_800);

    /// So that who asked is still there when the answer comes.
    private static final Duration SHORT = Duration.ofMillis(1_200);

    private static final Duration SOON = Duration.ofMillis(300);

    /// Between two machines 1 % and a constant are allowed; each has half of it.
    private static final long DRIFT_PPM_MAX = 4_900;

    private static final long DRIFT_BEYOND_PPM = 300_000;

    private final SimCluster cluster;
    private final Workload work;
    private final Clients clients;
    private final List<FaultKind> kinds;
    private final Poisoner poisoner;
    private final Map<FaultKind, Integer> injected = new EnumMap<>(FaultKind.class);
    private long unawareUntilNanos;
    private boolean over;

    public Nemesis(SimCluster cluster, Workload work, Set<FaultKind> kinds) {
        this.cluster = cluster;
        this.work = work;
        this.clients = new Clients(cluster);
        this.kinds = List.copyOf(new TreeSet<>(kinds));
        this.poisoner =
                new Poisoner(
                        cluster, Set.of(FaultKind.MIGRATE, FaultKind.POISON).containsAll(kinds));
    }

    private Chance chance() {
        return cluster.world().chance();
    }

    /// Each kind goes its own way from now on.
    public void start() {
        if (kinds.contains(FaultKind.POISON)) {
            poisoner.start();
        }
        for (var kind : kinds) {
            cluster.world().after(chance().between(Duration.ZERO, FIRST_MAX), () -> next(kind));
        }
    }

    public void stop() {
        over = true;
        poisoner.stop();
        cluster.healAll();
    }

    public Map<FaultKind, Integer> injected() {
        return injected;
    }

    private void next(FaultKind kind) {
        if (over) {
            return;
        }
        var length =
                chance().between(
                                Duration.ofMillis(1),
                                chance().percent(50) ? Duration.ofSeconds(1) : LENGTH_MAX);
        if (inject(kind, length)) {
            struck(kind, length);
        }
        cluster.world().after(chance().between(GAP_MIN, GAP_MAX), () -> next(kind));
    }

    private void struck(FaultKind kind, Object what) {
        injected.merge(kind, 1, Integer::sum);
        cluster.world().trace().say(cluster.world().nowNanos(), kind + " " + what);
    }

    /// @return whether it took place
    private boolean inject(FaultKind kind, Duration length) {
        return switch (kind) {
            case MIGRATE -> migrate();
            case CANCEL -> cancel();
            case REMAKE -> work.remade();
            case KILL_DATANODE -> kill(cluster.datanodes(), length);
            case KILL_METASRV -> kill(cluster.metasrvs(), length);
            case KILL_FRONTEND -> kill(cluster.frontends(), length);
            case PAUSE_DATANODE -> pause(cluster.datanodes(), length, false);
            case PAUSE_METASRV -> pause(cluster.metasrvs(), length, false);
            case PAUSE_FRONTEND -> pause(cluster.frontends(), length, false);
            case SUSPEND -> pause(cluster.hosts(), length, true);
            case PAUSE_ANYWHERE -> anywhere(host -> host.pause(length, false));
            case KILL_ANYWHERE -> anywhere(host -> host.kill(length));
            case KILL_FENCING -> atNextFence(kind, by -> killSoon(by));
            case FENCE_UNHEARD -> atNextFence(kind, this::unheard);
            case FENCE_LATE -> fenceLate();
            case CUT_BOTH_WAYS -> cut(length, true);
            case CUT_ONE_WAY -> cut(length, false);
            case SPLIT -> split(length);
            case LOSE_LEASE -> loseLease();
            case LAND_LATE -> landLate();
            case BREAK_CONNECTION -> cluster.network().breakOne();
            case SLOW_NETWORK -> slowNetwork(length);
            case DRIFT -> drift(DRIFT_PPM_MAX);
            case DRIFT_BEYOND -> drift(DRIFT_BEYOND_PPM);
            case DEPOSE_METASRV -> depose();
            case LEADER_UNAWARE -> leaderUnaware();
            case RAFT_UNKNOWN -> during(length, on -> cluster.raft().unknown(on ? 20 : 0));
            case POISON -> poison();
            case BROKER_AWAY -> during(length, cluster.broker()::away);
            case BROKER_SLOW ->
                    during(length, on -> cluster.broker().slow(Duration.ofMillis(on ? 800 : 0)));
            case BROKER_CUT -> cutFrom(SimBroker.HOST, length);
            case LOG_GAPS -> during(length, on -> cluster.broker().gaps(on ? 20 : 0));
            case STORAGE_FAULTS -> during(length, on -> cluster.storage().faults(on ? 30 : 0));
            case STORAGE_AWAY -> during(length, cluster.storage()::away);
            case STORAGE_CUT -> cutFrom(SimStorage.HOST, length);
            case STORAGE_SLUGGISH ->
                    during(length, on -> cluster.storage().slow(Duration.ofMillis(on ? 500 : 0)));
            case STORAGE_SLOW ->
                    during(length, on -> cluster.storage().slow(Duration.ofMillis(on ? 4_000 : 0)));
        };
    }

    private interface Switch {
        void turn(boolean on);
    }

    private boolean during(Duration length, Switch fault) {
        fault.turn(true);
        cluster.world().after(length, () -> fault.turn(false));
        return true;
    }

    private boolean kill(List<? extends SimHost> among, Duration restartAfter) {
        var host = chance().pick(among);
        if (host.process() == null) {
            return false;
        }
        host.kill(restartAfter);
        return true;
    }

    private boolean pause(List<? extends SimHost> among, Duration length, boolean suspend) {
        var host = chance().pick(among);
        if (!host.runs()) {
            return false;
        }
        host.pause(length, suspend);
        return true;
    }

    private interface Blow {
        void strike(SimHost host);
    }

    /// The next few looks at the clock of some machine are dangerous; the first blow ends that.
    private boolean anywhere(Blow blow) {
        var host = chance().pick(cluster.hosts());
        var process = host.process();
        if (process == null || process.isPaused()) {
            return false;
        }
        process.atBoundaries(
                20_000,
                () -> {
                    process.atBoundaries(0, () -> {});
                    blow.strike(host);
                });
        return true;
    }

    private interface AtFence {
        void strike(SimHost by);
    }

    /// @return false: it has not taken place yet
    private boolean atNextFence(FaultKind kind, AtFence blow) {
        cluster.observer()
                .atNextFence((_, by) ->
                        cluster.world()
                                .after(
                                        Duration.ZERO,
                                        () -> {
                                            struck(kind, by.host());
                                            blow.strike(cluster.host(by.host()));
                                        }));
        return false;
    }

    private void killSoon(SimHost host) {
        var before = chance().between(Duration.ZERO, SOON);
        cluster.world().after(before, () -> host.kill(chance().between(Duration.ZERO, SOON)));
    }

    /// @return false: it has not taken place yet
    private boolean fenceLate() {
        cluster.broker()
                .delayNext(
                        record -> WalRecordCodec.decode(record).record() instanceof WalRecord.Fence,
                        by -> struck(FaultKind.FENCE_LATE, by.host()));
        return false;
    }

    /// @return false: it has not taken place before the region waits
    private boolean poison() {
        poisoner.strike(() -> struck(FaultKind.POISON, "waits"));
        return false;
    }

    private boolean leaderUnaware() {
        var leader = cluster.metasrvLeader().filter(SimHost::runs);
        long now = cluster.world().nowNanos();
        if (leader.isEmpty() || now < unawareUntilNanos) {
            return false; // the next leader has to come so far as to move regions
        }
        unawareUntilNanos = now + LENGTH_MAX.toNanos();
        var datanode = chance().pick(cluster.datanodes()).name();
        for (var metasrv : cluster.metasrvs()) {
            if (metasrv != leader.get()) {
                cutFor(datanode, metasrv.name(), LENGTH_MAX);
                cutFor(metasrv.name(), datanode, LENGTH_MAX);
            }
        }
        return depose();
    }

    private void unheard(SimHost source) {
        var process = source.process();
        if (process != null) {
            cluster.network().breakAll(process);
        }
        cutFor(SimBroker.HOST, source.name(), SimCluster.LEASE);
        var frontend = chance().pick(cluster.frontends()).name();
        for (var metasrv : cluster.metasrvs()) {
            cutFor(metasrv.name(), frontend, SimCluster.LEASE);
        }
    }

    private boolean cut(Duration length, boolean bothWays) {
        var one = chance().pick(cluster.hosts()).name();
        var others = new ArrayList<String>();
        cluster.hosts().forEach(host -> others.add(host.name()));
        others.add(SimBroker.HOST);
        others.add(SimStorage.HOST);
        others.remove(one);
        boolean all = chance().percent(40);
        var from = all ? others : List.of(chance().pick(others));
        for (var other : from) {
            cutFor(one, other, length);
            if (bothWays) {
                cutFor(other, one, length);
            }
        }
        return true;
    }

    private boolean split(Duration length) {
        var left = new ArrayList<String>();
        var right = new ArrayList<String>();
        cluster.hosts().forEach(host -> (chance().percent(40) ? left : right).add(host.name()));
        for (var one : left) {
            for (var other : right) {
                cutFor(one, other, length);
                cutFor(other, one, length);
            }
        }
        return !left.isEmpty() && !right.isEmpty();
    }

    /// Its appends land, if at all, when others may lead; its clients are there to hear of it.
    private boolean loseLease() {
        var host = cutFromMetasrvs();
        cutFor(host, SimBroker.HOST, chance().between(SimCluster.LEASE, LEASE_AND_MORE));
        return true;
    }

    private boolean landLate() {
        var host = cutFromMetasrvs();
        var length = chance().between(SHORT, SHORT.multipliedBy(2));
        cluster.world()
                .after(
                        chance().between(SimCluster.LEASE.minus(SHORT), SimCluster.LEASE),
                        () -> cutFor(host, SimBroker.HOST, length));
        return true;
    }

    private String cutFromMetasrvs() {
        var host = chance().pick(cluster.datanodes()).name();
        var length = chance().between(Duration.ofSeconds(6), LENGTH_MAX);
        for (var metasrv : cluster.metasrvs()) {
            cutFor(host, metasrv.name(), length);
            cutFor(metasrv.name(), host, length);
        }
        return host;
    }

    private void cutFor(String from, String to, Duration length) {
        cluster.network().cut(from, to);
        cluster.world().after(length, () -> cluster.network().heal(from, to));
    }

    private boolean cutFrom(String service, Duration length) {
        var host = chance().pick(cluster.datanodes()).name();
        boolean mute = chance().percent(50);
        boolean deaf = !mute || chance().percent(50);
        if (mute) {
            cutFor(host, service, length);
        }
        if (deaf) {
            cutFor(service, host, length);
        }
        return true;
    }

    private boolean slowNetwork(Duration length) {
        return during(
                length,
                on ->
                        cluster.network()
                                .slow(on ? 20 : 0, on ? Duration.ofMillis(700) : Duration.ZERO));
    }

    private boolean drift(long ppmMax) {
        chance().pick(cluster.hosts()).drift(chance().between(-ppmMax, ppmMax));
        return true;
    }

    private boolean depose() {
        boolean led = cluster.raft().leader() != null;
        cluster.raft().depose();
        return led;
    }

    /// Asks a frontend to move some region from its leader to somebody else.
    private boolean migrate() {
        var regions = cluster.catalog(catalog -> List.copyOf(catalog.regions())).orElse(List.of());
        if (regions.isEmpty()) {
            return false;
        }
        RegionRecord region = chance().pick(regions);
        if (!(region.leadership() instanceof Leadership.Led led)) {
            return false;
        }
        var targets =
                cluster.datanodes().stream()
                        .map(DatanodeHost::peer)
                        .filter(peer -> !peer.equals(led.leader().peer()))
                        .toList();
        var request =
                new ClientRequest.MigrateRegion(
                        region.id(),
                        led.leader().peer(),
                        chance().pick(targets),
                        Plan.Limits.DEFAULT,
                        Optional.empty());
        ask(request);
        return true;
    }

    /// Asks to cancel a migration that is under way, perhaps too late.
    private boolean cancel() {
        var underWay =
                cluster.catalog(catalog ->
                                catalog.procedures().stream()
                                        .filter(Procedure.Migrating.class::isInstance)
                                        .filter(procedure -> !procedure.finished())
                                        .map(Procedure::id)
                                        .toList())
                        .orElse(List.of());
        if (underWay.isEmpty()) {
            return false;
        }
        ask(new ClientRequest.CancelProcedure(chance().pick(underWay)));
        return true;
    }

    private void ask(ClientRequest<?> request) {
        var frontend = chance().pick(cluster.frontends());
        clients.process().spawn("operator", () -> ask(frontend, request));
    }

    private void ask(FrontendHost frontend, ClientRequest<?> request) {
        try {
            clients.call(
                    frontend,
                    parts -> parts.metasrv().call(request, Duration.ofSeconds(5)),
                    Duration.ofSeconds(6));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Faults of the storage itself are counted where they happen.
    public Map<SimStorage.Fault, Integer> storageFaults() {
        return cluster.storage().injected();
    }
}
