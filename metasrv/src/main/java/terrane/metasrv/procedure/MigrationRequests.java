package terrane.metasrv.procedure;

import terrane.core.ErrorCode;
import terrane.core.Node;
import terrane.core.PeerId;
import terrane.core.ProcedureId;
import terrane.core.Randomness;
import terrane.core.RegionId;
import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.core.catalog.Applied;
import terrane.core.catalog.Catalog;
import terrane.core.catalog.Change;
import terrane.core.catalog.Leadership;
import terrane.core.catalog.NodeRecord;
import terrane.core.catalog.Procedure;
import terrane.core.catalog.Procedure.Migrating;
import terrane.core.catalog.RegionRecord;
import terrane.core.migration.Migration;
import terrane.core.migration.MigrationState;
import terrane.core.migration.Outcome.Fresh;
import terrane.core.migration.Plan;
import terrane.core.time.Clock;
import terrane.metasrv.node.Orders;
import terrane.metasrv.raft.CatalogStore;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// What people ask of migrations: one to begin, one to end. Refuses in the documented order, and
/// then nothing is changed. To be asked on the leader.
public final class MigrationRequests {
    private static final int ATTEMPTS_MAX = 5;
    private static final Duration CANCEL_MAX = Duration.ofSeconds(5);

    /// Longer than the pause between two claims of a region that nobody can open.
    private static final Duration SKIP_MAX = Duration.ofSeconds(15);

    private static final Duration LOOK_EVERY = Duration.ofMillis(10);

    /// A new leader is found by every node within a third of a lease, and a node is not dead only
    /// because it has not found it yet.
    private static final Duration HEARD_MAX = Duration.ofSeconds(2);

    private final CatalogStore store;
    private final Orders orders;
    private final Procedures procedures;
    private final Clock clock;
    private final Randomness randomness;

    public MigrationRequests(
            CatalogStore store,
            Orders orders,
            Procedures procedures,
            Clock clock,
            Randomness randomness) {
        this.store = store;
        this.orders = orders;
        this.procedures = procedures;
        this.clock = clock;
        this.randomness = randomness;
    }

    /// Who follows regions, and so is a good target.
    public Followers followers() {
        return procedures.followers();
    }

    /// One region from one datanode to another.
    ///
    /// @param requestId makes a repetition harmless
    public record Move(
            RegionId region,
            PeerId source,
            PeerId target,
            Plan.Limits limits,
            Optional<String> requestId) {}

    /// Begins a migration; it goes on by itself.
    ///
    /// @return its procedure; empty if the target leads the region already
    /// @throws TerraneException.Rejected if it may not begin
    public Optional<ProcedureId> submit(Move move) throws InterruptedException {
        var repeated = move.requestId().flatMap(id -> store.read(c -> c.requested(id)));
        if (repeated.isPresent()) {
            return repeated;
        }
        awaitHeard(move.target());
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            var region = store.read(catalog -> validated(catalog, move));
            if (region.isEmpty()) {
                return Optional.empty();
            }
            var id = ProcedureId.random(randomness);
            switch (store.commit(change(id, move, region.get()))) {
                case Applied.Done _, Applied.Created _ -> {
                    return Optional.of(id);
                }
                case Applied.Repeated(var first) -> {
                    return Optional.of(first);
                }
                case Applied.Refused(var code, var text) ->
                        throw new TerraneException.Rejected(code, text, null);
                case Applied.Stale _ -> {} // something has changed: validate again
            }
        }
        throw TerraneException.unavailable(
                ErrorCode.OVERLOADED, "the region keeps changing: region=%s", move.region());
    }

    /// Regions that wait at a record that cannot be read.
    public List<Quarantine.Poison> poisons() {
        return procedures.quarantine().all();
    }

    /// Has the region give up the record that it waits at; what it says is lost. Returns once the
    /// region has gone on.
    ///
    /// @throws TerraneException.Rejected if it does not wait at this record, or may not go on
    ///   without it
    /// @throws TerraneException.Unavailable if it has not gone on yet; ask again
    public void skip(RegionId region, WalOffset offset) throws InterruptedException {
        var quarantine = procedures.quarantine();
        quarantine.order(region, offset);
        long deadline = clock.nanosAfter(SKIP_MAX);
        while (quarantine.of(region).filter(poison -> poison.offset().equals(offset)).isPresent()) {
            if (clock.passed(deadline)) {
                throw TerraneException.unavailable(
                        ErrorCode.NOT_READY,
                        "the next claim will skip it: region_id=%s offset=%s; see"
                                + " /admin/quarantine",
                        region,
                        offset);
            }
            clock.sleep(LOOK_EVERY);
        }
    }

    private void awaitHeard(PeerId peer) throws InterruptedException {
        long deadline = clock.nanosAfter(HEARD_MAX);
        while (isSilent(peer) && !clock.passed(deadline)) {
            clock.sleep(LOOK_EVERY);
        }
    }

    private boolean isSilent(PeerId peer) {
        return store.read(catalog -> catalog.node(peer))
                .filter(node -> !node.left() && !orders.alive(node.node()))
                .isPresent();
    }

    private Change.SubmitMigration change(ProcedureId id, Move move, RegionRecord region) {
        var target =
                store.read(catalog -> catalog.node(move.target()).map(NodeRecord::node))
                        .orElseThrow(() -> noPeer(move.target()));
        var plan =
                new Plan(
                        move.region(),
                        Plan.Cause.ORDERED,
                        Optional.of(move.source()),
                        move.target(),
                        move.limits(),
                        clock.now());
        var leader = region.leadership() instanceof Leadership.Led led ? led.leader() : target;
        // A source that was replaced leads no more, so the target reclaims at once. One that is
        // only
        // silent keeps its lease for as long as it lasts, and loses the region if it stays so.
        boolean led = store.read(catalog -> catalog.registered(leader));
        var fresh = new Fresh(leader, target, target, region.lastEpoch().next());
        return new Change.SubmitMigration(
                id, plan, Migration.begin(plan, led, fresh), move.requestId());
    }

    /// @return empty if the target leads already
    private Optional<RegionRecord> validated(Catalog catalog, Move move) {
        if (move.source().equals(move.target())) {
            throw rejected(
                    ErrorCode.SAME_PEER,
                    "from_peer_id and to_peer_id are the same: %s",
                    move.source());
        }
        var region = Selector.region(catalog, move.region());
        var source = catalog.node(move.source()).orElseThrow(() -> noPeer(move.source()));
        var target = catalog.node(move.target()).orElseThrow(() -> noPeer(move.target()));
        if (region.leadership() instanceof Leadership.Led led
                && led.leader().peer().equals(move.target())) {
            return Optional.empty();
        }
        checkLeads(region, move.source());
        checkFit(target);
        region.procedure().ifPresent(id -> throwMigrating(region, id));
        checkShared(source);
        checkShared(target);
        return Optional.of(region);
    }

    private static TerraneException.Rejected noPeer(PeerId peer) {
        return rejected(ErrorCode.PEER_NOT_FOUND, "no such datanode: peer_id=%s", peer);
    }

    private static void checkLeads(RegionRecord region, PeerId source) {
        var leader =
                switch (region.leadership()) {
                    case Leadership.Led led -> Optional.of(led.leader());
                    case Leadership.HandingOver h -> Optional.of(h.source());
                    case Leadership.Reclaiming _ -> Optional.<Node>empty();
                };
        if (leader.isEmpty() && region.procedure().isPresent()) {
            throwMigrating(region, region.procedure().get());
        }
        if (!leader.map(Node::peer).equals(Optional.of(source))) {
            throw rejected(
                    ErrorCode.NOT_THE_LEADER,
                    "datanode %s does not lead region %s: leader_peer_id=%s",
                    source,
                    region.id(),
                    leader.map(node -> node.peer().toString()).orElse("none"));
        }
    }

    private void checkFit(NodeRecord target) {
        if (target.left() || !orders.alive(target.node())) {
            throw rejected(
                    ErrorCode.PEER_UNFIT,
                    "the target is not alive: to_peer_id=%s, start it or choose another",
                    target.node().peer());
        }
    }

    private static void throwMigrating(RegionRecord region, ProcedureId id) {
        throw rejected(
                ErrorCode.ALREADY_MIGRATING,
                "region %s is migrating already: procedure_id=%s",
                region.id(),
                id);
    }

    private static void checkShared(NodeRecord node) {
        if (!node.storageProven()) {
            throw rejected(
                    ErrorCode.NOT_MOVABLE,
                    "the storage is not shared: datanode %s has not read what the metasrv wrote;"
                            + " try again if it has only just started, else compare its"
                            + " storage.* settings with the metasrv's",
                    node.node().peer());
        }
    }

    /// Ends a migration that is not past its handover; blocks until it has ended.
    ///
    /// @throws TerraneException.Rejected if it is past it, has finished, or cannot be cancelled
    public void cancel(ProcedureId id) throws InterruptedException {
        var state = migrating(id).state();
        if (!cancellable(state)) {
            throw pastCancelling(id, state);
        }
        // Durable, so that whoever leads the metasrv next knows; what is too late shows below.
        store.commit(new Change.Cancel(id));
        boolean moved = await(CANCEL_MAX, () -> !cancellable(migrating(id).state()));
        var after = migrating(id).state();
        if (!moved) {
            throw TerraneException.unavailable(
                    ErrorCode.TIMED_OUT, "cancelling takes longer: procedure_id=%s", id);
        }
        if (!(after instanceof MigrationState.RolledBack)) {
            throw pastCancelling(id, after);
        }
    }

    private Migrating migrating(ProcedureId id) {
        var procedure =
                store.read(catalog -> catalog.procedure(id))
                        .orElseThrow(() ->
                                rejected(
                                        ErrorCode.PROCEDURE_NOT_FOUND,
                                        "no such procedure: %s",
                                        id));
        return switch (procedure) {
            case Migrating migrating -> migrating;
            case Procedure.Altering _, Procedure.Dropping _ ->
                    throw rejected(
                            ErrorCode.PAST_CANCELLING, "not a migration: procedure_id=%s", id);
        };
    }

    private static boolean cancellable(MigrationState state) {
        return switch (state) {
            case MigrationState.Opening _, MigrationState.CatchingUp _ -> true;
            case MigrationState.HandingOver _, MigrationState.Reclaiming _ -> false;
            case MigrationState.Finished _ -> false;
        };
    }

    private static TerraneException.Rejected pastCancelling(ProcedureId id, MigrationState state) {
        return rejected(
                ErrorCode.PAST_CANCELLING,
                "too late to cancel: procedure_id=%s stage=%s",
                id,
                Procedure.label(state));
    }

    /// Blocks until the procedure has ended.
    ///
    /// @return whether it has
    public boolean awaitEnd(ProcedureId id, Duration atMost) throws InterruptedException {
        return await(
                atMost,
                () ->
                        store.read(catalog ->
                                catalog.procedure(id).map(Procedure::finished).orElse(true)));
    }

    private boolean await(Duration atMost, BooleanSupplier condition) throws InterruptedException {
        long deadline = clock.nanosAfter(atMost);
        while (!condition.getAsBoolean()) {
            if (clock.passed(deadline)) {
                return false;
            }
            clock.sleep(LOOK_EVERY);
        }
        return true;
    }

    private static TerraneException.Rejected rejected(
            ErrorCode code, String format, Object... args) {
        return TerraneException.rejected(code, format, args);
    }
}
