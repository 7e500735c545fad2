package terrane.sim.mutation;

import static terrane.sim.mutation.Cut.WHOLE;

import terrane.sim.mutation.Replacement.By;
import terrane.sim.mutation.Replacement.False;
import terrane.sim.mutation.Replacement.Nothing;
import terrane.sim.mutation.Replacement.True;

import java.util.List;

/// One safety check that is taken out.
///
/// @param name as in the table of `docs/protocols/mutations.md`
record Mutation(String name, List<Cut> cuts) {
    private static final String REGION = "terrane.datanode.region.";
    private static final String STORE = "terrane.engine.manifest.ManifestStore";
    private static final String LEASE = "terrane.core.lease.";

    /// Every check without which the protocols are not safe.
    static final List<Mutation> ALL =
            List.of(
                    of(
                            "post-append-lease",
                            cut(decisions(), "landed", "LeaseTable.held", new True())),
                    of(
                            "landed-is-applied",
                            cut(decisions(), "landed", "Replica.apply", "applyIfHeld")),
                    of("start-epoch", cut(replica(), "<init>", "Manifest.fenceEpoch", "noEpoch")),
                    of(
                            "rows-under-fence",
                            cut(replica(), "apply", "ReplayRule.verdict", "rowsCount")),
                    of(
                            "lower-fence",
                            cut(replica(), "apply", "ReplayRule.verdict", "fencesCount"),
                            cut(replica(), "apply", "ReplayRule.next", "afterFence")),
                    of(
                            "claim",
                            cut(REGION + "RegionSource", "claim", "ManifestStore.claim", "latest")),
                    of(
                            "claim-before-fence",
                            cut(orders(), "manifest", "RegionSource.claim", "fenceAndClaim"),
                            cut(orders(), "fence", "RegionSource.fence", "fenceUnlessDone"),
                            cut(
                                            REGION + "RegionCopy",
                                            "lead",
                                            "Fence.manifestVersion",
                                            "anyVersion")
                                    .at(2)),
                    of(
                            "freeze",
                            cut(orders(), "freeze", "ManifestEdits.freeze", new True()),
                            cut(orders(), "handOver", "ManifestEdits.isFrozenBy", new True())),
                    of(
                            "wait-of-a-new-metasrv",
                            cut(LEASE + "LeaseLedger", "<init>", "LeaseTerms.honoured", "noTime")),
                    of(
                            "lease-counts-from-the-question",
                            cut(
                                    "terrane.datanode.lease.Heartbeats",
                                    "beat",
                                    "LeaseTable.answered",
                                    "answeredNow")),
                    of(
                            "uncertain-after-a-failure",
                            cut(
                                            REGION + "RegionCopy",
                                            "on",
                                            "RegionCopy.giveUp",
                                            "onlyIfTailFailed")
                                    .at(2)),
                    of(
                            "superseded-stops",
                            cut(STORE, "beaten", "ManifestStore.supersedes", new False()),
                            cut(STORE, "claim", "ManifestStore.supersedes", new False())),
                    of(
                            "wait-before-a-reclaim",
                            cut(
                                            "terrane.metasrv.procedure.ReclaimDuty",
                                            "awaitLapsed",
                                            "LeaseLedger.lapsed",
                                            new True())
                                    .at(2),
                            cut(LEASE + "Grants", "allows", "LeaseLedger.lapsed", new True())),
                    of(
                            "quorum-before-a-grant",
                            cut(
                                    "terrane.metasrv.node.NodeService",
                                    "heartbeat",
                                    "QuorumRounds.round",
                                    new Nothing())),
                    of(
                            "incarnation",
                            cut("terrane.core.Node", "equals", WHOLE, "samePeer"),
                            cut("terrane.core.Node", "hashCode", WHOLE, "peersHash")),
                    of(
                            "prune-pin",
                            cut(
                                    "terrane.core.catalog.Catalog",
                                    "pruneFloor",
                                    "WalOffset.min",
                                    "flushedOnly")),
                    of(
                            "key-of-a-held-write",
                            cut(REGION + "HeldWrites$Held", "decide", "Function.apply", "asHeld"),
                            cut(REGION + "Admission", "admit", "Admission.known", "unknownIfHeld")),
                    of(
                            "reads-end-before-the-fence",
                            cut(
                                    REGION + "Admission",
                                    "read",
                                    "RoleCell.awaitLeading",
                                    "awaitReadable"),
                            cut(REGION + "Admission", "read", "RoleCell.leadingUnder", "readable")),
                    of(
                            "poison-stops",
                            cut(
                                    REGION + "RegionThread",
                                    "apply",
                                    "RegionCopy.on",
                                    "onWhatCanBeRead")),
                    of(
                            "skips-are-in-the-manifest",
                            cut(STORE, "claim", "UnaryOperator.apply", "rememberSkips"),
                            cut(
                                    REGION + "RegionThread",
                                    "isGivenUp",
                                    "List.contains",
                                    "isRemembered")));

    Mutation {
        cuts = List.copyOf(cuts);
    }

    private static String replica() {
        return "terrane.engine.region.Replica";
    }

    private static String decisions() {
        return REGION + "Decisions";
    }

    private static String orders() {
        return REGION + "RegionOrders";
    }

    private static Mutation of(String name, Cut... cuts) {
        return new Mutation(name, List.of(cuts));
    }

    private static Cut cut(String type, String method, String call, String substitute) {
        return cut(type, method, call, new By(substitute));
    }

    private static Cut cut(String type, String method, String call, Replacement by) {
        return new Cut(type, method, call, 1, by);
    }

    static int number(String name) {
        for (int i = 0; i < ALL.size(); i++) {
            if (ALL.get(i).name().equals(name)) {
                return i;
            }
        }
        throw new IllegalArgumentException("no mutation " + name);
    }
}
