package terrane.datanode.region;

import terrane.core.ClusterId;
import terrane.core.Epoch;
import terrane.core.ErrorCode;
import terrane.core.Node;
import terrane.core.Randomness;
import terrane.core.RegionId;
import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.core.WalPartition;
import terrane.core.catalog.TableSchema;
import terrane.core.time.Clock;
import terrane.core.wal.KeyWindow;
import terrane.core.wal.WalRecord;
import terrane.core.wal.WalRecordCodec;
import terrane.datanode.log.ProducerLane;
import terrane.engine.manifest.Edit;
import terrane.engine.manifest.Manifest;
import terrane.engine.manifest.ManifestStore;
import terrane.engine.manifest.RegionObjects;
import terrane.engine.storage.ObjectStore;
import terrane.engine.wal.Wal;
import terrane.wire.datanode.Order;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/// What a copy is opened from: shared storage and the log. Claims and fences for a region that was
/// not handed over.
final class RegionSource {
    /// How long one edit tries while storage does not answer; the order that asked repeats it.
    private static final Duration EDIT_PATIENCE = Duration.ofSeconds(5);

    /// How long a claimant waits for the outcome of its fence.
    private static final Duration FENCE_PATIENCE = Duration.ofSeconds(10);

    /// Warm-up: enough records of a usual size to open connections and compile the path, 140 KB.
    private static final int WARM_UP_RECORDS = 20;

    private static final int WARM_UP_BYTES = 7_000;

    private final ClusterId cluster;
    private final Node me;
    private final ObjectStore store;
    private final Wal wal;
    private final Clock clock;
    private final Randomness randomness;

    RegionSource(
            ClusterId cluster,
            Node me,
            ObjectStore store,
            Wal wal,
            Clock clock,
            Randomness randomness) {
        this.cluster = cluster;
        this.me = me;
        this.store = store;
        this.wal = wal;
        this.clock = clock;
        this.randomness = randomness;
    }

    ManifestStore manifests(RegionId region) {
        return new ManifestStore(
                store, cluster, new RegionObjects(region), clock, randomness, EDIT_PATIENCE);
    }

    /// The latest manifest, of a log that is the one it was written for.
    ///
    /// @throws TerraneException.Unavailable if the region has none yet
    Manifest latest(ManifestStore manifests, RegionId region) throws InterruptedException {
        var latest =
                manifests
                        .latest()
                        .orElseThrow(() ->
                                TerraneException.unavailable(
                                        ErrorCode.NOT_READY,
                                        "the region has no manifest yet: region=%s",
                                        region));
        checkTopic(latest, wal.topicId(latest.wal().topic()));
        return latest;
    }

    private static void checkTopic(Manifest manifest, String topicId) {
        if (!topicId.equals(manifest.walTopicId())) {
            throw TerraneException.corrupt(
                    ErrorCode.WAL_PRUNED,
                    "the topic was made anew, its log is not the region's: region=%s topic=%s "
                            + "id=%s expected=%s",
                    manifest.region(),
                    manifest.wal().topic(),
                    topicId,
                    manifest.walTopicId());
        }
    }

    /// Claims the manifest: no writer of a lower epoch can create a version after this. What the
    /// order gives up is in it for good, see [Manifest#withSkipped].
    ///
    /// @throws TerraneException.Rejected if a higher epoch was there before
    Manifest claim(ManifestStore manifests, Order.Claim order) throws InterruptedException {
        // Before the claim: while the log does not answer, no version is created. One question
        // only, for the claims of a failover come all at once.
        var region = order.region();
        var partition = order.wal();
        var topicId = wal.topicId(partition.topic());
        var edit =
                manifests.claim(
                        order.epoch(),
                        me.incarnation(),
                        () -> initial(region, partition, topicId, order.schema()),
                        latest -> order.skip().map(latest::withSkipped).orElse(latest));
        return switch (edit) {
            case Edit.Created created -> {
                checkTopic(created.manifest(), topicId);
                yield created.manifest();
            }
            case Edit.Superseded superseded ->
                    throw TerraneException.rejected(
                            ErrorCode.NOT_THE_LEADER,
                            "a later leader has claimed: region=%s epoch=%s latest=%s",
                            region,
                            order.epoch(),
                            superseded.latest().writer().epoch());
            case Edit.Lost _, Edit.Unknown _ ->
                    throw TerraneException.unavailable(
                            ErrorCode.STORAGE_UNAVAILABLE,
                            "the manifest could not be claimed yet: region=%s epoch=%s",
                            region,
                            order.epoch());
        };
    }

    /// Deletes everything of a dropped region.
    void deleteAll(RegionId region) throws InterruptedException {
        new RegionObjects(region).deleteAll(store);
    }

    /// Nobody has ever written a record of the region, so whatever the log's end is before its
    /// first fence, everything of it comes later.
    private Manifest initial(
            RegionId region, WalPartition partition, String topicId, TableSchema schema)
            throws InterruptedException {
        var end = wal.end(partition);
        return new Manifest(
                cluster,
                region,
                1,
                new Manifest.Writer(Epoch.NONE, me.incarnation(), 0),
                partition,
                topicId,
                schema,
                end,
                Epoch.NONE,
                List.of(),
                new KeyWindow.Image(end, List.of()),
                List.of());
    }

    /// Appends the claimant's own fence, and waits until it has landed.
    ///
    /// @throws TerraneException.Uncertain if nobody knows whether it has, or will
    void fence(ProducerLane lane, RegionId region, Epoch epoch, long manifestVersion)
            throws InterruptedException {
        var header = new WalRecord.Header(region, epoch, 1);
        var fence = new WalRecord.Fence(header, me, manifestVersion, Optional.empty());
        await(append(lane, fence), region);
    }

    /// Sends records that replay ignores, so that the first real one is not the first of all.
    void warmUp(ProducerLane lane, RegionId region) throws InterruptedException {
        var header = new WalRecord.Header(region, Epoch.NONE, 0);
        for (int i = 0; i < WARM_UP_RECORDS; i++) {
            await(append(lane, new WalRecord.WarmUp(header, new byte[WARM_UP_BYTES])), region);
        }
    }

    private CompletableFuture<WalOffset> append(ProducerLane lane, WalRecord record) {
        var landed = new CompletableFuture<WalOffset>();
        lane.send(
                WalRecordCodec.encode(cluster, record),
                new Wal.Producer.Outcome() {
                    @Override
                    public void landed(WalOffset offset) {
                        landed.complete(offset);
                    }

                    @Override
                    public void unknown(Exception cause) {
                        landed.completeExceptionally(cause);
                    }
                });
        return landed;
    }

    private void await(CompletableFuture<WalOffset> landed, RegionId region)
            throws InterruptedException {
        try {
            clock.get(landed, FENCE_PATIENCE);
        } catch (ExecutionException | TimeoutException e) {
            throw new TerraneException.Uncertain(
                    ErrorCode.OUTCOME_UNKNOWN,
                    "append has an unknown outcome: region=%s".formatted(region),
                    e);
        }
    }
}
