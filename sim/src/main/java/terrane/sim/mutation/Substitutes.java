package terrane.sim.mutation;

import org.jspecify.annotations.Nullable;

import terrane.core.Epoch;
import terrane.core.Incarnation;
import terrane.core.Node;
import terrane.core.RegionId;
import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.core.rows.RowBatch;
import terrane.core.time.Clock;
import terrane.core.wal.ReplayRule;
import terrane.core.wal.ReplayRule.Verdict;
import terrane.core.wal.WalRecord;
import terrane.datanode.lease.LeaseTable;
import terrane.engine.manifest.Edit;
import terrane.engine.manifest.Manifest;
import terrane.engine.manifest.ManifestStore;
import terrane.engine.region.Replica;
import terrane.wire.datanode.Order;

import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// What woven code calls in place of a check. Objects come without their types, some of which are
/// not visible here; the last one is who calls.
@SuppressWarnings({"unused", "unchecked", "TypeParameterUnusedInFormals"}) // from bytecode only
public final class Substitutes {
    private static final ThreadLocal<Boolean> HELD = ThreadLocal.withInitial(() -> false);

    private static final Map<RegionId, Epoch> FENCED = new HashMap<>();

    private static final Set<WalOffset> SKIPPED = new HashSet<>();

    private Substitutes() {}

    /// Another world begins.
    static void forget() {
        FENCED.clear();
        SKIPPED.clear();
    }

    /// What landed is applied only if it may be acknowledged.
    public static Object applyIfHeld(
            Object replica, Object offset, Object record, Object batch, Object decisions) {
        var what = (WalRecord) record;
        var leases = (LeaseTable) call(field(decisions, "terms"), "leases");
        boolean may =
                !(what instanceof WalRecord.Rows)
                        || leases.held(what.header().region(), what.header().epoch());
        return may
                ? ((Replica) replica).apply((WalOffset) offset, what, (Optional<RowBatch>) batch)
                : Verdict.IGNORE;
    }

    /// A failed append is one that did not take place.
    public static void onlyIfTailFailed(Object copy, Object reason, Object self) {
        if (!((String) reason).startsWith("an append")) {
            run(copy, "giveUp", reason);
        }
    }

    /// Replay starts with no epoch.
    public static Object noEpoch(Object manifest, Object replica) {
        return Epoch.NONE;
    }

    /// Rows count under every epoch.
    public static Object rowsCount(Object rule, Object record, Object replica) {
        return record instanceof WalRecord.Rows
                ? Verdict.APPLY
                : ((ReplayRule) rule).verdict((WalRecord) record);
    }

    /// A fence counts also if a higher one was read before.
    public static Object fencesCount(Object rule, Object record, Object replica) {
        return record instanceof WalRecord.Fence
                ? Verdict.FENCE
                : ((ReplayRule) rule).verdict((WalRecord) record);
    }

    /// What follows from [#fencesCount].
    public static Object afterFence(Object rule, Object record, Object replica) {
        return record instanceof WalRecord.Fence fence
                ? new ReplayRule(fence.header().epoch())
                : ((ReplayRule) rule).next((WalRecord) record);
    }

    /// The latest manifest is taken as it is. One that is not there yet has to be made.
    public static Object latest(
            Object manifests,
            Object epoch,
            Object incarnation,
            Object initial,
            Object change,
            Object source)
            throws InterruptedException {
        var store = (ManifestStore) manifests;
        var latest = store.latest();
        return latest.isPresent()
                ? new Edit.Created(latest.get())
                : store.claim(
                        (Epoch) epoch,
                        (Incarnation) incarnation,
                        (ManifestStore.Initial) initial,
                        (UnaryOperator<Manifest>) change);
    }

    /// Fences, and only then claims. Which version the claim will be is not known yet. The first
    /// manifest of all has to be there before.
    public static Object fenceAndClaim(Object source, Object manifests, Object claim, Object orders)
            throws InterruptedException {
        var order = (Order.Claim) claim;
        if (((ManifestStore) manifests).latest().isPresent()) {
            var lane = call(field(orders, "lanes"), "lane", order.wal());
            try {
                run(source, "fence", lane, order.region(), order.epoch(), 0L);
            } catch (TerraneException.Uncertain e) {
                ((LeaseTable) field(orders, "leases")).finish(order.region(), order.epoch());
                throw e;
            }
            FENCED.put(order.region(), order.epoch());
        }
        return call(source, "claim", manifests, order);
    }

    /// What follows from [#fenceAndClaim].
    public static void fenceUnlessDone(
            Object source, Object lane, Object region, Object epoch, long version, Object orders) {
        if (!epoch.equals(FENCED.get((RegionId) region))) {
            run(source, "fence", lane, region, epoch, version);
        }
    }

    /// A fence that names no version names the one that is loaded.
    public static long anyVersion(Object fence, Object copy) {
        long named = ((WalRecord.Fence) fence).manifestVersion();
        return named == 0 ? ((Replica) field(copy, "replica")).manifest().version() : named;
    }

    /// A lease counts from when the answer came.
    public static void answeredNow(
            Object table, Object draft, Object answer, long sent, Object lease, Object heartbeats) {
        var clock = (Clock) field(heartbeats, "clock");
        run(table, "answered", draft, answer, clock.nanos(), lease);
    }

    public static Object noTime(Object terms, Object ledger) {
        return Duration.ZERO;
    }

    /// A node is its peer, whichever run of it.
    public static boolean samePeer(Object node, Object other) {
        return other instanceof Node that && that.peer().equals(((Node) node).peer());
    }

    public static int peersHash(Object node) {
        return ((Node) node).peer().hashCode();
    }

    /// What is pinned does not hold the log.
    public static Object flushedOnly(Object pin, Object flushed) {
        return flushed;
    }

    /// Decides a held write; [#unknownIfHeld] is asked on the way.
    public static Object asHeld(Object door, Object entrant, Object write) {
        HELD.set(true);
        try {
            return ((Function<Object, Object>) door).apply(entrant);
        } finally {
            HELD.remove();
        }
    }

    /// The key of a held write is not looked up.
    public static Object unknownIfHeld(
            Object admission, Object out, Object key, Object request, Object self) {
        return HELD.get() ? Optional.empty() : call(admission, "known", out, key, request);
    }

    /// Reads go on while the fence is on its way.
    public static void awaitReadable(Object cell, Object epoch, Object admission) {
        if (!isIn("HandingOver", call(cell, "role"), epoch)) {
            run(cell, "awaitLeading", epoch);
        }
    }

    /// See [#awaitReadable]; nobody looks at what is returned.
    public static @Nullable Object readable(Object cell, Object epoch, Object admission) {
        return isIn("HandingOver", call(cell, "role"), epoch)
                ? null
                : call(cell, "leadingUnder", epoch);
    }

    /// What cannot be read is passed over.
    public static void onWhatCanBeRead(Object copy, Object read, Object thread) {
        try {
            run(copy, "on", read);
        } catch (TerraneException.Corrupt e) {
            // Nobody stops.
        }
    }

    /// What an operator gives up is not written down, and remembered by whoever is there.
    public static Object rememberSkips(Object change, Object latest, Object store) {
        var before = (Manifest) latest;
        SKIPPED.addAll(((UnaryOperator<Manifest>) change).apply(before).skipped());
        return before;
    }

    /// What follows from [#rememberSkips].
    public static boolean isRemembered(Object skipped, Object offset, Object thread) {
        return SKIPPED.contains((WalOffset) offset);
    }

    private static boolean isIn(String name, Object role, Object epoch) {
        return role.getClass().getSimpleName().equals(name) && epoch.equals(call(role, "epoch"));
    }

    private static Object field(Object of, String name) {
        try {
            var field = of.getClass().getDeclaredField(name);
            field.setAccessible(true);
            return field.get(of);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("no field " + name + " in " + of.getClass(), e);
        }
    }

    private static Object call(Object of, String method, Object... arguments) {
        return Objects.requireNonNull(run(of, method, arguments));
    }

    private static @Nullable Object run(Object of, String method, Object... arguments) {
        var found =
                Arrays.stream(of.getClass().getDeclaredMethods())
                        .filter(each -> each.getName().equals(method) && !each.isBridge())
                        .filter(each -> each.getParameterCount() == arguments.length)
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException("no method " + method));
        found.setAccessible(true);
        try {
            return found.invoke(of, arguments);
        } catch (InvocationTargetException e) {
            throw Substitutes.<RuntimeException>asItIs(e.getTargetException());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    /// What a call of the product throws is thrown by its substitute, checked or not.
    private static <E extends Throwable> E asItIs(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
