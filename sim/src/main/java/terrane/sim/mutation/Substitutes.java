package terrane.sim.mutation;

import org.jspecify.annotations.Nullable;

import terrane.core.Epoch;
import terrane.core.WalOffset;
import terrane.core.rows.RowBatch;
import terrane.core.wal.ReplayRule;
import terrane.core.wal.WalRecord;
import terrane.engine.manifest.ManifestStore;
import terrane.engine.region.Replica;

import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.Optional;

/// What mutated code calls in place of a check. Everything comes as an object: some of the types
/// are not visible here.
@SuppressWarnings({"unused", "unchecked"}) // called from bytecode only; types are those of the call
public final class Substitutes {
    private Substitutes() {}

    public static Object noEpoch(Object manifest) {
        return Epoch.NONE;
    }

    public static Object zero(Object terms) {
        return Duration.ZERO;
    }

    public static Object second(Object first, Object second) {
        return second;
    }

    public static Object unknownKey(Object admission, Object out, Object key, Object request) {
        return Optional.empty();
    }

    public static @Nullable Object anyRole(Object cell, Object epoch) {
        return null; // the result is not used
    }

    /// As if no fence had been read since.
    public static Object applyRows(Object rule, Object record) {
        return record instanceof WalRecord.Rows
                ? ReplayRule.Verdict.APPLY
                : ((ReplayRule) rule).verdict((WalRecord) record);
    }

    public static Object latestWithoutClaim(
            Object source, Object manifests, Object region, Object epoch, Object wal, Object schema)
            throws Exception {
        var latest = ((ManifestStore) manifests).latest();
        return latest.isPresent()
                ? latest.get()
                : call(source, "claim", manifests, region, epoch, wal, schema);
    }

    /// What landed is applied only if it may be acknowledged.
    public static Object applyIfHeld(
            Object replica, Object offset, Object record, Object batch, Object copy)
            throws Exception {
        var header = ((WalRecord) record).header();
        var field = copy.getClass().getDeclaredField("leases");
        field.setAccessible(true);
        boolean held = (Boolean) call(field.get(copy), "held", header.region(), header.epoch());
        return held
                ? ((Replica) replica)
                        .apply((WalOffset) offset, (WalRecord) record, (Optional<RowBatch>) batch)
                : ReplayRule.Verdict.IGNORE;
    }

    private static Object call(Object of, String method, Object... arguments) throws Exception {
        for (var found : of.getClass().getDeclaredMethods()) {
            if (found.getName().equals(method) && found.getParameterCount() == arguments.length) {
                found.setAccessible(true);
                try {
                    return found.invoke(of, arguments);
                } catch (InvocationTargetException e) {
                    throw e.getCause() instanceof Exception cause ? cause : e;
                }
            }
        }
        throw new NoSuchMethodException(method);
    }
}
