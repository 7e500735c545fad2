package terrane.sim.mutation;

import terrane.sim.mutation.Replacement.By;
import terrane.sim.mutation.Replacement.False;
import terrane.sim.mutation.Replacement.Nothing;
import terrane.sim.mutation.Replacement.True;

import java.util.List;

/// One check that is taken out: in one method, every call of another is replaced.
///
/// @param name of what is missing then
/// @param type in which, by its full name
/// @param method in which; `<init>` for a constructor
/// @param call which is replaced, as `Type.method`
public record Mutation(
        String name, String type, String method, String call, Replacement replacement) {
    private static final String REGION = "terrane.datanode.region.";

    /// Every check without which the protocols are not safe, as far as one call stands for it.
    public static final List<Mutation> ALL =
            List.of(
                    of(
                            "post-append lease check",
                            REGION + "RegionCopy",
                            "decide",
                            "LeaseTable.held",
                            new True()),
                    of(
                            "what landed is applied",
                            REGION + "RegionCopy",
                            "onLanded",
                            "Replica.apply",
                            new By("applyIfHeld", true)),
                    of(
                            "replay's start epoch",
                            "terrane.engine.region.Replica",
                            "<init>",
                            "Manifest.fenceEpoch",
                            new By("noEpoch", false)),
                    of(
                            "fence rule",
                            "terrane.engine.region.Replica",
                            "apply",
                            "ReplayRule.verdict",
                            new By("applyRows", false)),
                    of(
                            "manifest claim",
                            REGION + "RegionOrders",
                            "claimed",
                            "RegionSource.claim",
                            new By("latestWithoutClaim", false)),
                    of(
                            "freeze",
                            REGION + "ManifestEdits",
                            "create",
                            "ManifestEdits.isFrozen",
                            new False()),
                    of(
                            "lease wait after a metasrv leader change",
                            "terrane.core.lease.LeaseLedger",
                            "<init>",
                            "LeaseTerms.honoured",
                            new By("zero", false)),
                    of(
                            "quorum before a grant",
                            "terrane.metasrv.node.NodeService",
                            "heartbeat",
                            "QuorumRounds.round",
                            new Nothing()),
                    of(
                            "wait for lower epochs",
                            "terrane.metasrv.procedure.ReclaimDuty",
                            "awaitLapsed",
                            "LeaseLedger.lapsed",
                            new True()),
                    of(
                            "incarnation check",
                            REGION + "RegionCopy",
                            "onFence",
                            "Node.equals",
                            new True()),
                    of(
                            "prune pin",
                            "terrane.core.catalog.Catalog",
                            "pruneFloor",
                            "WalOffset.min",
                            new By("second", false)),
                    of(
                            "key check",
                            REGION + "Admission",
                            "admit",
                            "Admission.known",
                            new By("unknownKey", false)),
                    of(
                            "reads stopped before the fence",
                            REGION + "Admission",
                            "read",
                            "RoleCell.leadingUnder",
                            new By("anyRole", false)));

    private static Mutation of(
            String name, String type, String method, String call, Replacement replacement) {
        return new Mutation(name, type, method, call, replacement);
    }

    public static Mutation named(String name) {
        return ALL.stream()
                .filter(mutation -> mutation.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no mutation " + name));
    }
}
